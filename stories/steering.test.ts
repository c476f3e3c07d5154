// Setting things going and steering them: deploy, promote, rollback with and without --wait, and
// what people say to a run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { refused } from "./fake-api.testing.ts";
import { atGate } from "./gates.testing.ts";
import { compareWithGolden, tell } from "./story.testing.ts";
import * as views from "./views.testing.ts";

const { canary, goingBack, held, rolledBack, succeeded } = views;
const UNHEARD = {
  code: "alert-unheard",
  text: "no trigger of this run speaks of it: there is alert HighErrorRate",
};
const DEPLOY = ["deploy", "hello", "production", "1.1.0"];

test("deploy, promote and rollback begin a run and say how to look after it", () =>
  compareWithGolden("orders", [
    { type: [...DEPLOY, "--reason", "the friday release"], replies: { deploy: views.queued } },
    { type: DEPLOY, replies: { deploy: { ...views.queued, already: true } } },
    { type: ["deploy", "hello", "production", "other@1.1.0"] },
    { type: ["promote", "hello", "production"], replies: { promote: atGate } },
    {
      type: ["rollback", "hello", "production", "--to", "1.0.0"],
      replies: { rollback: goingBack },
    },
    {
      type: ["rollback", "hello", "production"],
      replies: { rollback: refused(409, "no-known-good", "nothing good was here before") },
    },
  ]));

test("--wait tells a run line by line where there is no terminal, and ends as it ended", () =>
  compareWithGolden("wait", [
    {
      type: [...DEPLOY, "--wait"],
      replies: {
        deploy: atGate,
        follow: [atGate, canary, held, canary, views.frozen, canary, succeeded],
      },
    },
    {
      type: [...DEPLOY, "--wait"],
      replies: { deploy: canary, follow: [canary, goingBack, rolledBack] },
    },
    {
      type: ["rollback", "hello", "production", "--wait"],
      replies: { rollback: goingBack, follow: [goingBack, rolledBack] },
    },
    {
      type: ["abort", "r-4k2m9xq7wz", "--reason", "wrong build", "--wait"],
      replies: { run: canary, abort: canary, follow: [rolledBack] },
    },
  ]));

test("with --json and --wait progress goes to stderr, the last view to stdout", async () => {
  const told = await tell({
    type: [...DEPLOY, "--wait", "--json"],
    replies: { deploy: canary, follow: [canary, rolledBack] },
  });
  assert.equal((JSON.parse(told.stdout) as { outcome: string }).outcome, "rolledBack");
  assert.match(told.stderr, /turns back at 25 %/);
  assert.equal(told.exit, 1);
});

test("on a terminal --wait redraws in place and leaves the last picture standing", async () => {
  const told = await tell({
    type: [...DEPLOY, "--wait"],
    terminal: true,
    env: { NO_COLOR: "1" },
    replies: { deploy: canary, follow: [canary, succeeded] },
  });
  const { stdout } = told;
  assert.ok(stdout.startsWith("\u001b[?25l\u001b[?2026h"), "hides the cursor, then one update");
  assert.ok(stdout.endsWith("\u001b[?2026l\u001b[?25h"), "ends the update, shows the cursor");
  const frames = stdout.split("\u001b[?2026h").slice(1);
  assert.ok(frames.length >= 2);
  const drawn = frames[0]?.split("\n").length ?? 0;
  assert.ok(frames[1]?.startsWith(`\u001b[${drawn - 1}A\r`), "goes up over the frame before");
  assert.match(frames.at(-1) ?? "", /succeeded at 11:59:55Z/);
  assert.equal(told.exit, 0);
});

test("who stops watching is told that the run goes on", async () => {
  const interrupt = new AbortController();
  const told = await tell({
    type: [...DEPLOY, "--wait"],
    interrupted: interrupt.signal,
    replies: { deploy: canary, follow: [canary] },
    onFollow: () => setTimeout(() => interrupt.abort(), 20),
  });
  assert.equal(told.exit, 130);
  assert.equal(told.stderr, `the run goes on; look at it with: sluice show ${canary.id} --watch\n`);
});

test("what is said goes to the run that was seen, and an approval to its plan", async () => {
  const approve = await tell({
    type: ["approve", "hello.production", "--reason", "notes read"],
    replies: { run: atGate, approval: atGate },
  });
  assert.deepEqual(approve.asked.at(-1), {
    route: "approval",
    path: "/v1/runs/r-4k2m9xq7wz/approval",
    actor: "alice",
    body: {
      step: null,
      planHash: atGate.planHash,
      verdict: "approve",
      reason: "notes read",
      answers: {},
    },
  });
  const asBob = await tell({
    type: ["hold", "r-4k2m9xq7wz", "--reason", "looking", "--as", "Jörg"],
    replies: { run: canary, hold: canary },
  });
  assert.equal(asBob.asked.at(-1)?.actor, "Jörg");
});

test("words are confirmed, and refused in the control plane's own words", () =>
  compareWithGolden("words", [
    { type: ["approve", "hello.production"], replies: { run: atGate, approval: atGate } },
    {
      type: ["approve", "hello.production"],
      replies: {
        run: atGate,
        approval: refused(
          403,
          "denied-approver",
          "alice is not among those who approve here",
          "bob, carol may",
        ),
      },
    },
    { type: ["reject", "hello.production"] },
    {
      type: ["reject", "hello.production", "--reason", "migration is missing"],
      replies: { run: atGate, approval: atGate },
    },
    {
      type: ["hold", "hello.production", "--reason", "looking"],
      replies: { run: canary, hold: canary },
    },
    { type: ["resume", "hello.production"], replies: { run: held, resume: canary } },
    {
      type: ["abort", "hello.production", "--reason", "wrong build"],
      replies: { run: canary, abort: canary },
    },
    {
      type: ["answer", "hello.production", "deploy-1", "DNS changed"],
      replies: { run: canary, answer: canary },
    },
    {
      type: ["answer", "hello.production", "deploy-1", "no access", "--failed"],
      replies: { run: canary, answer: canary },
    },
    {
      type: ["alert", "hello.production", "HighErrorRate", "--severity", "warning"],
      replies: { run: canary, alert: canary },
    },
    {
      type: ["alert", "hello.production", "HighEror", "--severity", "warning"],
      replies: { run: canary, alert: { ...canary, because: [UNHEARD] } },
    },
    {
      type: ["alert", "hello.production", "HighErrorRate", "--severity", "warning", "--resolved"],
      replies: { run: canary, alert: canary },
    },
  ]));

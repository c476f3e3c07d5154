// What goes wrong before anything is asked: no control plane, a wrong one, exposed tokens, mistyped
// commands. Each with its exit code; none with a stack.

import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../src/cli/program.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden, tell } from "./story.testing.ts";
import { canary } from "./views.testing.ts";

test("trouble is told in a sentence, with what to do", () =>
  compareWithGolden("trouble", [
    { type: ["status"], down: true },
    { type: ["status", "--json"], down: true },
    { type: ["status"], mode: 0o644 },
    { type: ["status", "--url", "http://127.0.0.1:1"], env: { SLUICE_TOKEN: "x" } },
    { type: ["status", "--url", "http://sluice.example"], env: { SLUICE_TOKEN: "x" } },
    { type: ["status", "--url", "nonsense"], env: { SLUICE_TOKEN: "x" } },
    { type: ["status", "--url", "http://127.0.0.1:1"] },
    {
      type: ["status"],
      replies: {
        lanes: refused(503, "database-away", "the control plane cannot reach its database"),
      },
    },
    {
      type: ["status"],
      replies: { lanes: refused(500, "internal", "the control plane failed on this request") },
    },
    {
      type: ["status"],
      replies: { lanes: refused(401, "bad-token", "the request carries no token") },
    },
    { type: ["staus"] },
    { type: ["deploy", "hello"] },
    { type: ["deploy", "hello", "production", "1.1.0", "--wiat"] },
    { type: ["status", "one", "two"] },
    { type: ["audit", "verfy"] },
  ]));

test("help shows every command with an example and the exit codes", async () => {
  for (const { name } of COMMANDS) {
    const told = await tell({ type: [...name.split(" "), "--help"] });
    assert.equal(told.exit, 0, name);
    assert.match(told.stdout, /Examples?:\n {2}\$ sluice /, name);
    assert.match(told.stdout, /Exit codes:\n {2}0 {2}/, name);
    assert.match(told.stdout, /--json/, name);
  }
});

test("help of the whole, of a group and of a command", () =>
  compareWithGolden("help", [
    { type: [] },
    { type: ["release", "--help"] },
    { type: ["rollback", "--help"] },
    { type: ["--version"] },
  ]));

test("colour is asked for, refused, or as the output can show it", async () => {
  const coloured = async (more: Partial<Parameters<typeof tell>[0]>) => {
    const replies = { run: canary };
    const told = await tell({ type: ["why", "x"], replies, ...more });
    return told.stdout.includes("\u001b[");
  };
  assert.equal(await coloured({}), false);
  assert.equal(await coloured({ terminal: true }), true);
  assert.equal(await coloured({ terminal: true, env: { NO_COLOR: "1" } }), false);
  assert.equal(await coloured({ terminal: true, env: { NO_COLOR: "" } }), true);
  assert.equal(await coloured({ terminal: true, env: { TERM: "dumb" } }), false);
  assert.equal(await coloured({ type: ["why", "x", "--no-color"], terminal: true }), false);
  assert.equal(await coloured({ type: ["why", "x", "--color"], env: { NO_COLOR: "1" } }), true);
});

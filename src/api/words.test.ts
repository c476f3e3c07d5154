// What people may say to a run, and what is refused because it could mean nothing or the person has
// no say in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import { NOW, samplePlan, sampleRun, sampleWorld, stepId } from "./sample-parts.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import type { Answer } from "./sample-request.testing.ts";

const atGate = (): Run => {
  const run = sampleRun();
  return { ...run, state: { ...run.state, step: 0 } as Run["state"] };
};
const ended = sampleRun({
  settled: { outcome: "succeeded", at: NOW },
  state: { kind: "ended", outcome: "succeeded", at: NOW },
});

const post = async (run: Run, word: string, payload: object, by = "alice") => {
  await using api = await sampleApi(sampleWorld(run));
  const answer: Answer = await api.send({
    method: "POST",
    url: `/v1/runs/${run.id}/${word}`,
    payload,
    headers: { "sluice-actor": by },
  });
  return { ...answer, facts: api.facts };
};

const APPROVE = { step: null, planHash: samplePlan.hash, verdict: "approve", reason: null };

test("an approval is recorded with who, which gate and which plan", async () => {
  const { status, facts } = await post(atGate(), "approval", APPROVE);
  assert.equal(status, 200);
  assert.deepEqual(facts[0], {
    ...APPROVE,
    kind: "approval",
    step: stepId(0),
    seq: 1,
    run: "r1a2b3c4",
    by: "alice",
    at: NOW,
  });
});

const REFUSED: readonly (readonly [string, Run, string, object, string, number, string])[] = [
  ["a stranger's approval", atGate(), "approval", APPROVE, "mallory", 403, "denied-approver"],
  [
    "approval of another plan",
    atGate(),
    "approval",
    { ...APPROVE, planHash: `sha256:${"0".repeat(64)}` },
    "alice",
    409,
    "plan-changed",
  ],
  ["approval where no gate is", sampleRun(), "approval", APPROVE, "alice", 409, "no-gate"],
  [
    "approval of a step that is none",
    atGate(),
    "approval",
    { ...APPROVE, step: stepId(2) },
    "alice",
    409,
    "no-gate",
  ],
  [
    "approval of an unknown step",
    atGate(),
    "approval",
    { ...APPROVE, step: "nothing" },
    "alice",
    404,
    "unknown-step",
  ],
  ["approval after the end", ended, "approval", APPROVE, "alice", 409, "run-settled"],
  ["resume of what is not held", sampleRun(), "resume", {}, "alice", 409, "not-held"],
  ["hold after the outcome", ended, "hold", { reason: "wait" }, "alice", 409, "run-settled"],
  ["hold without reason", sampleRun(), "hold", { reason: " " }, "alice", 400, "bad-request"],
  ["abort after the end", ended, "abort", { reason: "late" }, "alice", 409, "run-settled"],
  [
    "an answer nobody asked for",
    sampleRun(),
    "answer",
    { step: stepId(2), text: "ok", verdict: "done" },
    "alice",
    409,
    "no-question",
  ],
];

for (const [what, run, word, payload, by, status, code] of REFUSED) {
  test(`${what} is refused and records nothing`, async () => {
    const answer = await post(run, word, payload, by);
    assert.deepEqual([answer.status, answer.problem.code], [status, code]);
    assert.deepEqual(answer.facts, []);
  });
}

test("the release's author cannot approve it where the gate wants somebody else", async () => {
  const run = atGate();
  const author = {
    ...run,
    plan: { ...run.plan, release: { ...run.plan.release, author: "bob" as Actor } },
  };
  const { problem } = await post(author, "approval", APPROVE, "bob");
  assert.equal(problem.code, "denied-author");
  assert.match(problem.errors[0]?.hint ?? "", /alice, carol may/);
});

test("hold, resume and abort become facts for the next pass", async () => {
  await using api = await sampleApi();
  const say = (word: string, payload: object) =>
    api.send({ method: "POST", url: `/v1/runs/hello.production/${word}`, payload });
  assert.equal((await say("hold", { reason: "looking at a graph" })).status, 200);
  assert.equal((await say("resume", {})).status, 200);
  assert.equal((await say("abort", { reason: "wrong build" })).status, 200);
  assert.deepEqual(
    api.facts.map((fact) => fact.kind),
    ["hold", "resume", "abort"],
  );
});

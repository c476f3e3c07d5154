// What people may say to a run, and what is refused because it could mean nothing or the person has
// no say in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { condition } from "../core/analysis.testing.ts";
import type { Actor } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { RunView } from "./contract/runs.ts";
import { sampleRun, sampleWorld, stepId } from "./sample-parts.testing.ts";
import { NOW, samplePlan } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import { said } from "./sample-standing.testing.ts";
import type { Answer } from "./sample-request.testing.ts";

const atGate = (): Run => {
  const run = sampleRun();
  return { ...run, state: { ...run.state, step: 0 } as Run["state"] };
};
const ended = sampleRun({
  settled: { outcome: "succeeded", at: NOW },
  state: { kind: "ended", outcome: "succeeded", at: NOW },
});

const atShare = (): Run => {
  const run = sampleRun();
  const bake = samplePlan.steps.find(({ kind }) => kind === "bake");
  if (bake === undefined) throw new Error("the sample plan has no bake");
  const back = { kind: "back", outcome: "rolledBack", target: null, steps: [bake], step: 0 };
  return { ...run, state: { ...run.state, ...back } as Run["state"] };
};

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
    answers: {},
    kind: "approval",
    step: stepId(0),
    seq: 1,
    run: "r1a2b3c4",
    by: "alice",
    at: NOW,
  });
});

test("an alert with a severity that only its source uses is recorded with its name", async () => {
  const disaster = { name: "disk full", severity: "disaster", status: "firing" };
  const { status, facts } = await post(sampleRun(), "alert", disaster);
  assert.equal(status, 200);
  assert.deepEqual(
    facts.map(({ kind }) => kind),
    ["alert"],
  );
  assert.partialDeepStrictEqual(facts[0], disaster);
});

test("an alert that no trigger speaks of is recorded, and the reply says so", async () => {
  const run = sampleRun();
  const triggers = [condition("errorRate > 1%"), condition("alert DiskFull")];
  const watched = { ...run, plan: { ...run.plan, triggers } };
  const unheard = async (name: string, status = "firing"): Promise<readonly string[]> => {
    const answer = await post(watched, "alert", { name, severity: "critical", status });
    assert.equal(answer.facts.length, 1);
    const { because } = answer.json as RunView;
    return because.flatMap(({ code, text }) => (code === "alert-unheard" ? [text] : []));
  };
  assert.deepEqual(await unheard("diskFull"), []);
  assert.deepEqual(await unheard("DiscFull", "resolved"), []);
  assert.deepEqual(await unheard("DiscFull"), [
    "no trigger of this run speaks of it: there is alert DiskFull",
  ]);
});

test("whoever has left the group of a follow-up is refused, and told who may", async () => {
  const item = (owner: readonly string[]) => ({
    id: "runbook",
    text: "Runbook is up to date",
    owner,
    dueMs: null,
    check: null,
    manual: false,
    needs: "nothing" as const,
    skippable: false,
  });
  const followUps = [{ name: "post-launch", items: [item(["carol", "dave"])] }];
  const run = { ...ended, plan: { ...ended.plan, followUps } };
  const tick = async (by: string, owner: readonly string[] | null) => {
    const world = sampleWorld(run);
    const current = await world.parts.definitions.current();
    assert.ok(current !== null);
    const checklists = owner === null ? [] : [{ name: "post-launch", items: [item(owner)] }];
    const definitions = { current: async () => ({ ...current, checklists }) };
    await using api = await sampleApi({ ...world, parts: { ...world.parts, definitions } });
    const { status, problem } = await api.send({
      method: "POST",
      url: `/v1/runs/${run.id}/tick`,
      payload: { step: null, item: "runbook", verdict: "done", text: "" },
      headers: { "sluice-actor": by },
    });
    return status === 200 ? [status] : [status, problem.code, problem.errors[0]?.hint];
  };
  assert.deepEqual(await tick("dave", ["carol", "dave"]), [200]);
  assert.deepEqual(await tick("dave", ["carol", "erin"]), [403, "denied-tick", "carol may"]);
  // Nobody remembers who owns what is not written any more: the plan's word stands.
  assert.deepEqual(await tick("dave", null), [200]);
  assert.match(String((await tick("dave", ["erin"]))[2]), /^nobody who may is left/u);
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
  [
    "an alert of a severity that no trigger can name",
    sampleRun(),
    "alert",
    { name: "cpu", severity: "critcal", status: "firing" },
    "alice",
    422,
    "bad-severity",
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
  [
    "an answer to a share of the way back",
    atShare(),
    "answer",
    {
      step: samplePlan.steps.find(({ kind }) => kind === "bake")?.id,
      text: "ok",
      verdict: "done",
    },
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

const TICK = { step: null, item: "notes", verdict: "done", text: "https://example.com/notes" };

test("a tick is recorded for the gate that has the item", async () => {
  const { status, facts } = await post(atGate(), "tick", TICK, "carol");
  assert.equal(status, 200);
  assert.deepEqual(facts[0], {
    ...TICK,
    kind: "tick",
    step: "entry",
    seq: 1,
    run: "r1a2b3c4",
    by: "carol",
    at: NOW,
  });
});

const TICKS: readonly (readonly [string, Run, object, string, number, string, RegExp])[] = [
  ["somebody else's item", atGate(), TICK, "alice", 403, "denied-tick", /carol may/],
  [
    "a tick without its link",
    atGate(),
    { ...TICK, text: "done" },
    "carol",
    422,
    "tick-incomplete",
    /give the address/,
  ],
  [
    "leaving out what has to be done",
    atGate(),
    { ...TICK, verdict: "skipped", text: "no time" },
    "carol",
    422,
    "tick-incomplete",
    /it has to be done/,
  ],
  [
    "leaving out without a reason",
    atGate(),
    { ...TICK, item: "rehearsal", verdict: "skipped", text: "" },
    "alice",
    422,
    "tick-incomplete",
    /say why/,
  ],
  [
    "a mistyped item",
    atGate(),
    { ...TICK, item: "note" },
    "carol",
    404,
    "unknown-item",
    /did you mean notes\?/,
  ],
  ["an item of a gate that is passed", sampleRun(), TICK, "carol", 404, "unknown-item", /asks for/],
  ["an item of no gate", atGate(), { ...TICK, step: "none" }, "carol", 404, "unknown-item", /asks/],
];

for (const [what, run, payload, by, status, code, hint] of TICKS) {
  test(`${what} is refused with what to do`, async () => {
    const answer = await post(run, "tick", payload, by);
    assert.deepEqual([answer.status, answer.problem.code], [status, code]);
    assert.match(answer.problem.errors[0]?.hint ?? "", hint);
    assert.deepEqual(answer.facts, []);
  });
}

test("whoever stands in for somebody away approves in their place", async () => {
  const world = sampleWorld(atGate());
  const absence = said(
    { kind: "delegation", to: "erin" as Actor, reason: "holiday" },
    {
      by: "carol" as Actor,
    },
  );
  world.standing.push(absence);
  await using api = await sampleApi(world);
  const approve = (by: string) =>
    api.send({
      method: "POST",
      url: "/v1/runs/r1a2b3c4/approval",
      payload: APPROVE,
      headers: { "sluice-actor": by },
    });
  assert.equal((await approve("erin")).status, 200);
  assert.equal((await approve("mallory")).problem.code, "denied-approver");
});

test("an approval without the answers that are asked for is refused with all of them", async () => {
  const run = atGate();
  const asks = [{ name: "ticket", text: "Which ticket?", type: "text", options: [] } as const];
  const [gate, ...steps] = run.plan.steps;
  assert.ok(gate?.kind === "gate");
  const rules = gate.rules.map((rule) =>
    rule.kind === "approval" ? { ...rule, approval: { ...rule.approval, asks } } : rule,
  );
  const asking = { ...run, plan: { ...run.plan, steps: [{ ...gate, rules }, ...steps] } };
  const without = await post(asking, "approval", APPROVE);
  assert.deepEqual([without.status, without.problem.code], [422, "answer-missing"]);
  const answers = { ticket: "CHG-7" };
  const given = await post(asking, "approval", { ...APPROVE, answers });
  assert.deepEqual(given.facts[0]?.kind === "approval" && given.facts[0].answers, answers);
  const rejected = await post(asking, "approval", { ...APPROVE, verdict: "reject" });
  assert.equal(rejected.status, 200);
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

test("somebody may say that a member which cannot be taken back stays", async () => {
  const run = sampleRun();
  const train = { kind: "train", id: "back-train", title: "back", way: "back", members: [] };
  const back = { kind: "back", outcome: "failed", target: null, steps: [train], step: 0 };
  const stuck = { ...run, state: { ...run.state, ...back } as Run["state"] };
  const word = { step: "back-train", text: "it may stay", verdict: "done" };
  const { status, facts } = await post(stuck, "answer", word);
  assert.equal(status, 200);
  assert.equal(facts[0]?.kind, "answer");
  const forward = { ...stuck, state: { ...stuck.state, steps: [{ ...train, way: "forward" }] } };
  assert.equal((await post(forward as Run, "answer", word)).status, 409);
});

test("nothing is begun again that does not wait for it", async () => {
  const word = { step: stepId(2), text: "the disk is free", verdict: "again" };
  const { status, json, facts } = await post(sampleRun(), "answer", word);
  assert.deepEqual([status, (json as { code: string }).code, facts], [409, "not-again", []]);
});

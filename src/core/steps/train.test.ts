// What a train does with its members, as they are found: whom it begins, whom it takes back, what
// it waits for, and when a person has to act.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { EffectOutcome, MemberEffect } from "../effect.ts";
import { instant, releaseId } from "../ids.ts";
import type { Actor, EnvironmentName, ReleaseId, RunId, ServiceName } from "../ids.ts";
import { newRun } from "../new-run.ts";
import { freshProgress } from "../draft.ts";
import type { Snapshot } from "../snapshot.ts";
import type { TrainStep } from "../step.ts";
import { trainDefinition, trainRelease } from "../train/train.testing.ts";
import { trainPlan } from "../train/train-plan.ts";
import type { MemberRun, MemberSight } from "../train/train.ts";
import { lookAtTrain } from "./train.ts";

const NOW = instant(1_000_000);
const TRAIN = "r-train" as RunId;

const named = (service: string): ServiceName => service as ServiceName;
const to = (service: string): ReleaseId => releaseId(named(service), "2");
const from = (service: string): ReleaseId => releaseId(named(service), "1");

/** web and ui go after api, docs go after ui. */
const plan = trainPlan({
  service: named("shop"),
  environment: "production" as EnvironmentName,
  train: trainDefinition({ api: [], web: ["api"], ui: ["api"], docs: ["ui"] }),
  takes: {
    from: { kind: "release" },
    how: "manual",
    approval: null,
    calendar: null,
    emergency: null,
  },
  release: trainRelease(["api", "web", "ui", "docs"]),
  from: null,
});

const FORWARD = plan.steps.find((step) => step.kind === "train") as TrainStep;
const BACK: TrainStep = { ...FORWARD, id: "back-train", way: "back" };

type Stand =
  | "before"
  | "queued"
  | "going"
  | "crossed"
  | "good"
  | "first"
  | "turning"
  | "failed"
  | "leaving"
  | "left"
  | "stuck";

const runOf = (service: string, more: Partial<MemberRun>): MemberRun => ({
  run: `r-${service}` as RunId,
  way: "forward",
  state: "forward",
  settled: null,
  from: from(service),
  noReturn: null,
  why: null,
  ...more,
});

const sight = (service: string, stand: Stand): MemberSight => {
  const run = (more: Partial<MemberRun> = {}) => runOf(service, more);
  const good = run({ settled: "succeeded" });
  const back = run({ run: `r-${service}-back` as RunId, way: "back" });
  const at = (stable: ReleaseId | null, runs: readonly MemberRun[]): MemberSight => ({
    service: named(service),
    stable,
    idle: runs.every(({ state }) => state === "ended"),
    runs,
  });
  switch (stand) {
    case "before":
      return at(from(service), []);
    case "queued":
      return at(from(service), [run({ state: "queued" })]);
    case "going":
      return at(from(service), [run()]);
    case "crossed":
      return at(from(service), [run({ noReturn: "deploy-contract" })]);
    case "good":
      return at(to(service), [good]);
    case "first":
      return at(to(service), [{ ...good, from: null }]);
    case "turning":
      return at(from(service), [run({ state: "back" })]);
    case "failed":
      return at(from(service), [run({ state: "back", settled: "rolledBack", why: "p95 > 1s" })]);
    case "leaving":
      return at(to(service), [good, back]);
    case "left":
      return at(from(service), [good, { ...back, settled: "succeeded" }]);
    case "stuck":
      return at(to(service), [good, { ...back, settled: "aborted" }]);
  }
};

const ordered = (
  step: TrainStep,
  service: string,
  outcome: EffectOutcome | null,
): Snapshot["effects"][number] => {
  const body: MemberEffect = {
    kind: "member",
    way: step.way,
    service: named(service),
    release: to(service),
    to: null,
    tier: "immediate",
    anyway: false,
  };
  const key = { service: named("shop"), environment: plan.environment };
  return {
    effect: { key: { ...key, run: TRAIN, generation: 1, ordinal: 0 }, body },
    state: outcome === null ? "started" : "done",
    outcome,
  };
};

const look = (
  step: TrainStep,
  stands: Readonly<Record<string, Stand>>,
  more: Partial<Pick<Snapshot, "effects" | "facts">> & { readonly lateMs?: number } = {},
) => {
  const { effects = [], facts = [], lateMs = 0 } = more;
  const members = Object.entries(stands).map(([service, stand]) => sight(service, stand));
  const origin = { kind: "manual", by: "alice" as Actor, reason: null, emergency: null } as const;
  const run = newRun({ id: TRAIN, seq: 1, plan, origin, at: NOW });
  const snapshot = { members, effects, facts } as unknown as Snapshot;
  const since = instant(NOW - lateMs);
  const result = lookAtTrain(step, { run, snapshot, now: NOW, progress: freshProgress(0, since) });
  const orders = (result.kind === "wait" ? (result.effects ?? []) : []).map((effect) =>
    effect.kind === "member" ? effect.service : effect.kind,
  );
  return { result, kind: result.kind, orders };
};

const FORWARD_TABLE: readonly [string, Readonly<Record<string, Stand>>, string, string][] = [
  ["who goes after nobody begins", all("before"), "wait", "api"],
  [
    "nobody begins before the one they go after settled",
    { ...all("before"), api: "going" },
    "wait",
    "",
  ],
  ["a queued member is no settled one", { ...all("before"), api: "queued" }, "wait", ""],
  ["those behind it begin together", { ...all("before"), api: "good" }, "wait", "web ui"],
  [
    "each as soon as its own are there",
    { ...all("good"), web: "going", docs: "before" },
    "wait",
    "docs",
  ],
  ["it is done when all have settled", all("good"), "done", ""],
  ["what was there already counts", { ...all("good"), api: "first" }, "done", ""],
];

function all(stand: Stand): Readonly<Record<string, Stand>> {
  return { api: stand, web: stand, ui: stand, docs: stand };
}

for (const [behaviour, stands, kind, orders] of FORWARD_TABLE) {
  test(`forward: ${behaviour}`, () => {
    const seen = look(FORWARD, stands);
    assert.deepEqual([seen.kind, seen.orders.join(" ")], [kind, orders]);
  });
}

test("forward: a member that was ordered is not ordered again before anybody knows", () => {
  const effects = [ordered(FORWARD, "api", null)];
  assert.deepEqual(look(FORWARD, all("before"), { effects }).orders, []);
  const unknown = [ordered(FORWARD, "api", { kind: "unknown", why: "cut" })];
  assert.deepEqual(look(FORWARD, all("before"), { effects: unknown }).orders, ["api"]);
});

test("forward: what has not settled in time fails the step", () => {
  const { result } = look(FORWARD, { ...all("good"), docs: "going" }, { lateMs: 86_400_001 });
  assert.equal(result.kind, "fail");
  assert.equal(result.reasons[0]?.code, "train-late");
});

const BACK_TABLE: readonly [string, Readonly<Record<string, Stand>>, string, string][] = [
  ["nobody who never went is touched", all("before"), "done", ""],
  ["the last in the order goes first", all("good"), "wait", "docs web"],
  ["the next when those behind it are back", { ...all("good"), docs: "left" }, "wait", "ui web"],
  [
    "one that turns by itself is waited for",
    { ...all("good"), docs: "turning", web: "left" },
    "wait",
    "",
  ],
  [
    "one that failed is back",
    { ...all("good"), docs: "before", ui: "failed", web: "left" },
    "wait",
    "api",
  ],
  ["an order under way is not given again", { ...all("left"), api: "leaving" }, "wait", ""],
  ["it is done when nothing of it is left", all("left"), "done", ""],
  ["what had nothing before it stays", { ...all("left"), api: "first" }, "done", ""],
  [
    "a way back that somebody broke off needs a person",
    { ...all("left"), api: "stuck" },
    "stall",
    "",
  ],
  [
    "so does a member behind its point of no return",
    { ...all("left"), ui: "crossed" },
    "stall",
    "",
  ],
];

for (const [behaviour, stands, kind, orders] of BACK_TABLE) {
  test(`back: ${behaviour}`, () => {
    const seen = look(BACK, stands);
    assert.deepEqual([seen.kind, seen.orders.toSorted().join(" ")], [kind, orders]);
  });
}

test("back: who is still at it when the time is over needs a person, and is waited for on", () => {
  const turning = { ...all("left"), docs: "turning" } as const;
  const seen = look(BACK, turning, { lateMs: 86_400_001 });
  assert.equal(seen.kind, "stall");
  assert.match(seen.result.reasons[0]?.text ?? "", /not all of it is back within .* docs is going/);
  const rest = look(BACK, { ...all("good"), docs: "left" }, { lateMs: 86_400_001 });
  assert.deepEqual(rest.orders.toSorted(), ["ui", "web"]);
});

test("back: what was ordered before the turn and is not there yet is waited for", () => {
  const open = { effects: [ordered(FORWARD, "api", null)] };
  assert.equal(look(BACK, all("before"), open).kind, "wait");
  const refused = { kind: "refused", code: "train-over", why: "too late" } as const;
  const known = { effects: [ordered(FORWARD, "api", refused)] };
  assert.equal(look(BACK, all("before"), known).kind, "done");
});

test("back: an order that was refused needs a person, whose word ends it", () => {
  const stands = { ...all("left"), api: "good" } as const;
  const why = "behind it there is no way back";
  const refused = { kind: "refused", code: "point-of-no-return", why } as const;
  const effects = [ordered(BACK, "api", refused)];
  const { result } = look(BACK, stands, { effects });
  assert.equal(result.kind, "stall");
  assert.match(
    result.reasons[0]?.text ?? "",
    /point-of-no-return.*sluice answer r-train back-train/,
  );
  const word = {
    kind: "answer",
    step: "back-train",
    text: "it may stay",
    verdict: "done",
  } as const;
  const facts = [{ ...word, seq: 1, run: TRAIN, by: "carol" as Actor, at: NOW }];
  assert.equal(look(BACK, stands, { effects, facts }).kind, "done");
});

// What a decision comes to, by tables and by properties.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import { settle } from "./commit.ts";
import type { Decision } from "./decision.ts";
import { planOf, playbook, CANARY } from "./decide.testing.ts";
import { GENESIS } from "./audit.ts";
import { instant } from "./ids.ts";
import type { Actor, RunId } from "./ids.ts";
import type { Lane } from "./lane.ts";
import { newRun } from "./new-run.ts";
import type { Run } from "./run.ts";
import { same } from "./same.ts";

const plan = planOf("1.1.0", null, playbook([CANARY]));
const NOW = instant(1_000);

const run: Run = newRun({
  id: "r" as RunId,
  seq: 1,
  plan,
  origin: { kind: "manual", by: "alice" as Actor, reason: null, emergency: null },
  at: NOW,
});

const lane: Lane = {
  service: run.service,
  environment: run.environment,
  revision: 5,
  generation: 7,
  activeRun: null,
  stable: null,
  knownGood: [],
  auditSeq: 3,
  auditHash: GENESIS,
};

const decision = (change: Partial<Decision> = {}): Decision => ({
  run,
  lane: { activeRun: null, stable: null, knownGood: [] },
  effects: [],
  events: [],
  wakeAt: instant(2_000),
  ...change,
});

const settled = (change: Partial<Decision>, observedGeneration = 0) =>
  settle({ run, lane, decision: decision(change), observedGeneration, at: NOW });

test("a pass that only waits raises nothing but the run's revision", () => {
  const because = [{ code: "x", text: "still waiting" }];
  const given = settle({
    run: { ...run, generation: 7 },
    lane,
    decision: decision({ run: { ...run, because } }),
    observedGeneration: 7,
    at: NOW,
  });
  assert.deepEqual(given.run, { ...run, because, revision: 2, generation: 7 });
  assert.deepEqual(given.lane, lane);
  assert.equal(given.laneChanged, false);
});

test("effects carry a generation above all that was seen, and their place in the order", () => {
  const body = { kind: "apply", spec: { slot: "blue", cohorts: [] } } as const;
  const { effects, lane: after } = settled({ effects: [body, body] }, 40);
  assert.deepEqual(
    effects.map(({ key }) => [key.generation, key.ordinal]),
    [
      [41, 0],
      [41, 1],
    ],
  );
  assert.equal(after.generation, 41);
});

test("what is only watched is an event and no record", () => {
  const reasons = [{ code: "a", text: "one" }, { code: "b", text: "two" }];
  const events = [
    { type: "watch.sampled", step: null, reasons: [] },
    { type: "step.done", step: "shift-25", reasons },
  ];
  const { drafts } = settled({ events });
  assert.deepEqual(
    drafts.map((draft) => [draft.action, draft.why]),
    [["step.done", "one; two"]],
  );
});

test("who ends in the queue changes the lane for those behind it, and they move up", () => {
  const state = { kind: "ended", outcome: "superseded", at: NOW } as const;
  const ended = { run: { ...run, state }, wakeAt: null };
  const given = settled(ended);
  assert.deepEqual([given.laneChanged, given.queueMovesUp, given.ends], [true, true, true]);
  const busy = { ...lane, activeRun: "r-0" as RunId };
  const change = decision({ ...ended, lane: { ...busy } });
  const behind = settle({ run, lane: busy, decision: change, observedGeneration: 0, at: NOW });
  assert.deepEqual([behind.laneChanged, behind.queueMovesUp, behind.ends], [true, false, true]);
});

test("generations never fall, whatever is decided", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), fc.boolean(), (own, ofLane, seen, moves) => {
      const weight = moves ? 250 : run.weight;
      const given = settle({
        run: { ...run, generation: own },
        lane: { ...lane, generation: ofLane },
        decision: decision({ run: { ...run, weight } }),
        observedGeneration: seen,
        at: NOW,
      });
      const most = Math.max(own, ofLane, seen);
      assert.equal(given.run.generation, moves ? most + 1 : most);
      assert.equal(given.lane.generation, given.run.generation);
    }),
  );
});

test("same() agrees with JSON on what is the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const copy = JSON.parse(JSON.stringify(a)) as unknown;
      assert.equal(same(JSON.parse(JSON.stringify(copy)), copy), true);
      if (same(a, b)) assert.deepEqual(JSON.parse(JSON.stringify(b)), copy);
    }),
  );
  assert.equal(same({ a: 1, b: undefined }, { a: 1 }), true);
  assert.equal(same({ a: 1 }, { a: 1, b: null }), false);
  assert.equal(same([], {}), false);
});

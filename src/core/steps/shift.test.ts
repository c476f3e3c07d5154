// Weights: given where there is capacity, and kept as long as the run has the lane.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, Rehearsal, planOf, playbook } from "../decide.testing.ts";
import { decide } from "../decide.ts";
import { later } from "../ids.ts";
import { moving } from "../moving.ts";
import { draftOf } from "../draft.ts";
import type { DeployItem } from "../playbook.ts";
import type { Run } from "../run.ts";
import type { Snapshot } from "../snapshot.ts";
import { lacksCapacity, lookAtShift } from "./shift.ts";

const PROBED: DeployItem = {
  kind: "strategy",
  strategy: {
    kind: "blueGreen",
    readyWithinMs: 60_000,
    shiftWithinMs: 10_000,
    keepWarmMs: 60_000,
    verify: {
      paths: ["/"],
      through: "instances",
      timeoutMs: 1_000,
      initialWaitMs: 20_000,
      attempts: 1,
      intervalMs: 1_000,
    },
    stability: {
      forMs: 0,
      gates: [],
      patienceMs: 0,
      onPatienceEnd: "back",
      holdForMs: 0,
      onHoldEnd: "back",
    },
  },
};

/** Of the candidate's four instances so many are ready. */
const leave = (it: Rehearsal, ready: number): void => {
  const { green } = it.target.slots;
  const instances = green.instances.map((one, index) => ({
    ...one,
    phase: index < ready ? ("ready" as const) : ("backoff" as const),
  }));
  it.target = { ...it.target, slots: { ...it.target.slots, green: { ...green, instances } } };
};

test("instances that were lost while they were probed keep all traffic away", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([PROBED])));
  it.runFor(10_000);
  leave(it, 1);
  it.runFor(15_000);
  assert.equal(it.router.weights.green, 0);
  leave(it, 4);
  it.runFor(1_000);
  assert.equal(it.router.weights.green, 1000);
});

test("weights that are lost while the old slot is kept warm are set again", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  it.runFor(130_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  it.router = { ...it.router, weights: { blue: 0, green: 0 } };
  it.runFor(60_000);
  assert.equal(it.router.weights.green, 1000);
});

const TAKEN = "127.0.0.1:80 is in use by nginx (process 7): end it";

test("a router that serves nothing is told with its own reason, not as missing instances", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  const dead = { ...it.router, endpoints: { blue: 0, green: 0 } };
  const weights = { blue: 1000, green: 0 };
  const lacking = (trouble: { trouble?: string }): string | null =>
    lacksCapacity(
      { ...it.snapshot(), router: { kind: "seen", at: it.now, value: { ...dead, ...trouble } } },
      weights,
    );
  assert.equal(lacking({}), "blue has no ready instance to take traffic");
  assert.equal(lacking({ trouble: TAKEN }), `the router serves nothing: ${TAKEN}`);
});

test("a weight that was not taken in time is told with what the router said", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([PROBED])));
  it.runFor(25_000);
  const step = it.run.plan.steps.find(({ kind }) => kind === "shift");
  assert.ok(step?.kind === "shift");
  const now = later(it.now, 3_600_000);
  const snapshot = it.snapshot();
  it.router = { ...it.router, weights: { blue: 1000, green: 0 } };
  const untaken = { ...snapshot, router: { kind: "seen", at: now, value: it.router } as const };
  const said = { code: "order-stalled", text: `the router said: ${TAKEN}` };
  const order = { digest: "", times: 3, at: it.now, said };
  const progress = { ...moving(draftOf(it.run, untaken, now)), order };
  const result = lookAtShift(step, { run: it.run, snapshot: untaken, now, progress });
  assert.equal(result.kind, "fail");
  assert.match(
    result.reasons[0]?.text ?? "",
    /in time: the router said: 127\.0\.0\.1:80 is in use/u,
  );
});

test("what the router said to an order stays said while the next time is waited for", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([PROBED])));
  it.runFor(25_000);
  const outcome = { kind: "stalled", why: TAKEN } as const;
  const said = (answers: Snapshot["answers"]): readonly string[] => {
    it.router = { ...it.router, weights: { blue: 1000, green: 0 } };
    const { run } = decide(it.run, { ...it.snapshot(), answers }, it.now);
    it.run = { ...run, revision: it.run.revision };
    it.now = later(it.now, 1_000);
    return run.because.flatMap(({ code, text }) => (code === "order-stalled" ? [text] : []));
  };
  it.run = { ...it.run, state: { ...it.run.state, step: shiftAt(it) } as Run["state"] };
  assert.deepEqual(said([]), []);
  assert.deepEqual(said([{ to: "route", outcome }]), [`the router said: ${TAKEN}`]);
  assert.deepEqual(said([]), [`the router said: ${TAKEN}`]);
  assert.deepEqual(said([{ to: "route", outcome: { kind: "applied", detail: null } }]), []);
});

const shiftAt = (it: Rehearsal): number =>
  it.run.plan.steps.findIndex(({ kind }) => kind === "shift");

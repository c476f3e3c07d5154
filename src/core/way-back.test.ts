// Traffic that returns by shares: when it does, when the rest goes at once, and that whatever
// happens on the way only ever makes it less.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CANARY, planOf } from "./decide.testing.ts";
import type { RunId } from "./ids.ts";
import type { RollbackTier } from "./step.ts";
import { Way, atFull, bookOf, outcomeOf, rollback, waitingFor } from "./way-back.testing.ts";

test("in the tier gradual traffic returns by its shares, a bake at each, then the undos", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(19_000);
  assert.equal(it.router.weights.green, 500);
  it.runFor(20_000);
  assert.equal(it.router.weights.green, 100);
  assert.equal(it.begun().includes("./undo-flag"), false);
  it.runFor(5_000);
  assert.deepEqual(it.shares, [1000, 500, 100, 0]);
  assert.equal(outcomeOf(it), "rolledBack");
  assert.ok(it.begun().includes("./undo-flag"));
  assert.deepEqual(it.pages(), []);
});

test("only the shares below what it has are used", () => {
  const it = new Way(planOf("1.1", "1.0", bookOf([CANARY])));
  it.runFor(40_000);
  assert.equal(it.router.weights.green, 250);
  it.shares = [250];
  it.rollBack("gradual");
  it.runFor(30_000);
  assert.deepEqual(it.shares, [250, 100, 0]);
});

for (const [what, how] of [
  ["the tier immediate", (it: Way) => it.rollBack("immediate")],
  ["the tier full", (it: Way) => it.rollBack("full")],
  ["a word that says now", (it: Way) => it.rollBackNow("gradual")],
] as const) {
  test(`${what} takes all traffic back at once`, () => {
    const it = atFull();
    how(it);
    it.runFor(1_000);
    assert.deepEqual(it.shares, [1000, 0]);
    assert.equal(outcomeOf(it), "rolledBack");
  });

  test(`${what} makes what is left of the shares go at once`, () => {
    const it = atFull();
    it.rollBack("gradual");
    it.runFor(5_000);
    assert.deepEqual(it.shares, [1000, 500]);
    how(it);
    it.runFor(1_000);
    assert.deepEqual(it.shares, [1000, 500, 0]);
    assert.match(it.told("rollback.hurried")[0] ?? "", /^bob says: /);
  });
}

test("a further tier on the way hurries and takes back more", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(5_000);
  it.rollBack("full");
  it.runFor(5_000);
  const undone = it.begun().filter((command) => command.startsWith("./undo-"));
  assert.deepEqual(undone, ["./undo-cluster", "./undo-flag"]);
});

test("what holds no trigger goes back by shares where the playbook's own tier is gradual", () => {
  const it = atFull({ tier: "gradual" });
  it.values = { errorRate: 2 };
  it.runFor(80_000);
  assert.match(it.run.breach?.trigger ?? "", /^stability: /);
  it.runFor(50_000);
  assert.deepEqual(it.shares, [1000, 500, 100, 0]);
});

test("a trigger goes back at once, whatever the tier", () => {
  const it = atFull({ tier: "gradual" });
  it.values = { errorRate: 50 };
  it.runFor(16_000);
  assert.deepEqual(it.shares, [1000, 0]);
  const told = it.told("rollback.began").find((text) => text.startsWith("what is left"));
  assert.match(told ?? "", /at once: errorRate is 50 %, above 5 %/);
});

test("a trigger's condition on the way is enough at its newest sample alone", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(3_000);
  it.values = { errorRate: 50 };
  it.badSince = it.now;
  it.runFor(5_500);
  assert.deepEqual(it.shares, [1000, 500, 0]);
  assert.equal(outcomeOf(it), "rolledBack");
});

test("an alert on the way is enough", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(3_000);
  const alert = { kind: "alert", name: "pager", severity: "critical", status: "firing" } as const;
  it.say("pager", alert);
  it.runFor(500);
  assert.deepEqual(it.shares, [1000, 500, 0]);
});

test("no data on the way is no reason to hurry", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.values = { errorRate: null };
  it.runFor(45_000);
  assert.deepEqual(it.shares, [1000, 500, 100, 0]);
});

test("a dead candidate keeps no share, neither as it turns nor on the way", () => {
  const dead = atFull();
  dead.kill("green");
  dead.rollBack("gradual");
  dead.runFor(1_000);
  assert.deepEqual(dead.shares, [1000, 0]);
  const dies = atFull();
  dies.rollBack("gradual");
  dies.runFor(5_000);
  dies.kill("green");
  dies.runFor(30_000);
  assert.deepEqual(dies.shares, [1000, 500, 0]);
  assert.match(dies.told("rollback.hurried")[0] ?? "", /green has 0 ready instances of the 2/);
  assert.deepEqual(dies.pages(), []);
});

test("traffic that somebody took away on the way is not given back", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(5_000);
  it.router = { ...it.router, weights: { blue: 1000, green: 0 } };
  it.runFor(30_000);
  assert.deepEqual(it.shares, [1000, 500, 0]);
  assert.equal(outcomeOf(it), "rolledBack");
});

test("traffic that somebody gave it on the way is taken away again, and it goes on", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(5_000);
  it.router = { ...it.router, weights: { blue: 0, green: 1000 } };
  it.runFor(40_000);
  assert.deepEqual(it.shares, [1000, 500, 100, 0]);
});

test("an order of more that has not arrived gives it no more on the way back", () => {
  const it = new Way(planOf("1.1", "1.0", bookOf([CANARY])));
  it.runFor(29_000);
  while (it.run.weight === 50) it.runFor(250);
  // Ordered, and still at the share before.
  it.router = { ...it.router, generation: 0, weights: { blue: 950, green: 50 } };
  it.shares = [];
  it.rollBack("gradual");
  it.runFor(30_000);
  assert.deepEqual(it.shares, [0]);
});

test("shares that do not fit into the promised time are left out", () => {
  const it = atFull({ withinMs: 40_000 });
  it.rollBack("gradual");
  it.runFor(1_000);
  assert.deepEqual(it.shares, [1000, 0]);
  assert.ok(it.told("rollback.began").some((text) => /do not fit into its 40s/.test(text)));
});

test("shares that fit into the promised time are all gone by, however much of it they take", () => {
  const it = atFull({ withinMs: 50_000 });
  it.rollBack("gradual");
  it.runFor(45_000);
  assert.deepEqual(it.shares, [1000, 500, 100, 0]);
  assert.equal(
    it.eventTypes().some((type) => type.startsWith("rollback.hurried")),
    false,
  );
});

test("a share that is passed over was never given, whatever becomes of what follows", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(5_000);
  it.kill("green");
  it.kill("blue");
  it.runFor(1_000);
  assert.equal(it.router.weights.green, 500);
  assert.equal(it.run.weight, 500);
});

test("a way back that lost time before its shares passes over what does not fit any more", () => {
  const it = atFull({ withinMs: 50_000 });
  it.kill("blue");
  it.rollBack("gradual");
  it.runFor(8_000);
  assert.deepEqual(it.shares, [1000]);
  it.target = { ...it.target, slots: { ...it.target.slots, blue: ready(it) } };
  it.router = { ...it.router, endpoints: { ...it.router.endpoints, blue: 4 } };
  it.runFor(2_000);
  assert.deepEqual(it.shares, [1000, 0]);
  assert.match(it.told("rollback.hurried")[0] ?? "", /do not fit/);
});

test("what somebody took from it before its first share is not given back by that share", () => {
  const it = atFull({});
  it.kill("blue");
  it.rollBack("gradual");
  it.runFor(1_000);
  it.router = { ...it.router, weights: { blue: 950, green: 50 } };
  it.target = { ...it.target, slots: { ...it.target.slots, blue: ready(it) } };
  it.router = { ...it.router, endpoints: { ...it.router.endpoints, blue: 4 } };
  it.runFor(3_000);
  assert.deepEqual(it.shares.at(-1), 0);
  assert.match(it.told("rollback.hurried")[0] ?? "", /has 5 % already/);
});

const ready = ({ target }: Way) => {
  const { blue } = target.slots;
  const instances = blue.instances.map((one) => ({ ...one, phase: "ready" as const }));
  return { ...blue, instances };
};

test("a rollback that waits for the lane is not kept waiting by shares", () => {
  const it = atFull();
  it.rollBack("gradual");
  it.runFor(5_000);
  it.waiting = waitingFor("hello@0.9", true);
  it.runFor(1_000);
  assert.deepEqual(it.shares, [1000, 500, 0]);
});

test("a rollback of its own goes by the same shares of what it leaves", () => {
  const it = rollback("gradual");
  it.runFor(60_000);
  assert.deepEqual(it.shares, [1000, 500, 100, 0]);
  assert.equal(outcomeOf(it), "succeeded");
  const at = rollback("full");
  at.runFor(2_000);
  assert.deepEqual(at.shares, [1000, 0]);
});

test("a rollback of its own hurries where what it leaves is worth no share", () => {
  const burning = rollback("gradual");
  burning.values = { errorRate: 50 };
  burning.runFor(8_000);
  assert.equal(burning.shares.at(-1), 0);
  const dead = rollback("gradual");
  dead.runFor(3_000);
  dead.kill("blue");
  dead.runFor(2_000);
  assert.deepEqual(dead.shares, [1000, 500, 0]);
  const late = rollback("gradual", { withinMs: 44_000 });
  late.runFor(2_000);
  assert.deepEqual(late.shares, [1000, 0]);
  const told = rollback("gradual");
  told.runFor(3_000);
  told.rollBackNow("immediate");
  told.runFor(2_000);
  assert.deepEqual(told.shares, [1000, 500, 0]);
  for (const it of [burning, dead, late, told]) assert.equal(outcomeOf(it), "succeeded");
});

test("a rollback that waits for its lane is told to hurry, and does when it has it", () => {
  const it = rollback("gradual");
  const { release: stable } = it.lane.stable!;
  it.lane = { ...it.lane, activeRun: "r-0" as RunId };
  it.rollBackNow("gradual");
  it.runFor(1_000);
  assert.equal(it.run.state.kind, "queued");
  it.lane = { ...it.lane, activeRun: null };
  it.runFor(5_000);
  assert.deepEqual(it.shares, [1000, 0]);
  assert.notEqual(it.lane.stable?.release, stable);
});

test("a word that asks a rollback for what it does already changes nothing", () => {
  const it = rollback("gradual");
  it.runFor(3_000);
  it.rollBack("gradual");
  it.runFor(60_000);
  assert.deepEqual(it.shares, [1000, 500, 100, 0]);
  assert.equal(outcomeOf(it), "succeeded");
});

test("whatever happens on the way, it has ever less and nothing in the promised time", () => {
  const happening = fc.oneof(
    fc.record({ kind: fc.constant("rate" as const), rate: fc.constantFrom(0, 3, 50, null) }),
    fc.record({ kind: fc.constant("kill" as const) }),
    fc.record({ kind: fc.constant("drift" as const), green: fc.constantFrom(0, 50, 300, 1000) }),
    fc.record({
      kind: fc.constant("word" as const),
      tier: fc.constantFrom<RollbackTier>("immediate", "gradual", "full"),
      now: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("newer" as const), urgent: fc.boolean() }),
  );
  const withinMs = 100_000;
  const given = {
    turnsAfterMs: fc.integer({ min: 1_000, max: 89_000 }),
    shares: fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 4 }),
    bakeMs: fc.integer({ min: 0, max: 60_000 }),
    story: fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 30_000 })), { maxLength: 8 }),
  };
  fc.assert(
    fc.property(fc.record(given), ({ turnsAfterMs, shares, bakeMs, story }) => {
      const traffic = { shares: shares.toSorted((a, b) => b - a), bakeMs };
      const it = new Way(planOf("1.1", "1.0", bookOf([CANARY], { traffic, withinMs })));
      it.runFor(turnsAfterMs);
      it.rollBack("gradual");
      for (const [one, ms] of story) {
        if (one.kind === "rate") it.values = { errorRate: one.rate };
        if (one.kind === "kill") it.kill("green");
        if (one.kind === "drift" && outcomeOf(it) === null) {
          it.router = { ...it.router, weights: { blue: 1000 - one.green, green: one.green } };
        }
        if (one.kind === "word" && one.now) it.rollBackNow(one.tier);
        if (one.kind === "word" && !one.now) it.rollBack(one.tier);
        if (one.kind === "newer") it.waiting = waitingFor("hello@1.2", one.urgent);
        it.shares = [it.router.weights.green];
        it.runFor(ms);
        assert.deepEqual(
          it.shares,
          it.shares.toSorted((a, b) => b - a),
        );
      }
      it.waiting = [];
      it.runFor(withinMs);
      assert.equal(it.router.weights.green, 0);
      assert.equal(outcomeOf(it), "rolledBack");
      assert.ok((it.run.settled?.at ?? 0) - (it.run.breach?.at ?? 0) <= withinMs);
      assert.equal(it.told("rollback.late").length, 0);
    }),
    { numRuns: 200 },
  );
});

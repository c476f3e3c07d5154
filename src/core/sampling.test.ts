// Which samples a judgement asks for, and that every pass asks for the same ones.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ANALYSIS, condition, INTERVAL, LAST, NOW } from "./analysis.testing.ts";
import { instant, later } from "./ids.ts";
import {
  alignDown,
  alignUp,
  baselineQueries,
  gateSample,
  neededQueries,
  triggerTimes,
} from "./sampling.ts";

const slots = { judged: "blue", stable: "green" } as const;
const need = { triggers: [], baking: null, now: NOW, analysis: ANALYSIS, slots };

test("sample times are multiples of the interval, back over the whole duration", () => {
  assert.deepEqual(triggerTimes(0, NOW, INTERVAL), [LAST]);
  assert.deepEqual(triggerTimes(30_000, NOW, INTERVAL), [LAST - 30_000, LAST - 15_000, LAST]);
  // A duration between two samples needs the one before it as well.
  assert.equal(triggerTimes(31_000, NOW, INTERVAL).length, 4);
  assert.equal(triggerTimes(300_000, NOW, INTERVAL).length, 21);
});

test("two passes within one interval ask for the same instants", () => {
  const triggers = [condition("errorRate > 1% for 5m"), condition("p95 > 2x baseline")];
  const early = neededQueries({ ...need, triggers, now: LAST });
  const late = neededQueries({ ...need, triggers, now: instant(LAST + INTERVAL - 1) });
  assert.deepEqual(early, late);
});

test("a trigger asks for the judged slot, and for the stable one where it names a baseline", () => {
  const from = instant(LAST - 300_000);
  const common = { to: LAST, stepMs: INTERVAL, windowMs: 60_000 };
  assert.deepEqual(neededQueries({ ...need, triggers: [condition("errorRate > 1% for 5m")] }), [
    { metric: "errorRate", slot: "blue", from, ...common },
  ]);
  assert.deepEqual(neededQueries({ ...need, triggers: [condition("p95 > 2x baseline")] }), [
    { metric: "p95", slot: "blue", from: LAST, ...common },
    { metric: "p95", slot: "green", from: LAST, ...common },
  ]);
  assert.deepEqual(neededQueries({ ...need, triggers: [condition("alert critical")] }), []);
});

test("only the judged slot is asked where nothing is stable or the policy says before", () => {
  const triggers = [condition("p95 > 2x baseline")];
  const alone = { judged: "blue", stable: null } as const;
  assert.equal(neededQueries({ ...need, triggers, slots: alone }).length, 1);
  const before = { ...ANALYSIS, baseline: { from: "before", windowMs: 1 } } as const;
  assert.equal(neededQueries({ ...need, triggers, analysis: before }).length, 1);
});

test("conditions on one metric share a query that is long enough for all", () => {
  const triggers = ["p95 > 1s", "p95 > 500ms for 5m", "p95 > 700ms for 1m"].map(condition);
  const queries = neededQueries({ ...need, triggers });
  assert.deepEqual(
    queries.map((query) => query.from),
    [LAST - 300_000],
  );
});

test("a bake's gates ask for one sample over the whole bake so far", () => {
  const baking = { conditions: [condition("errorRate < 1%")], since: later(LAST, -200_000) };
  const [query, ...more] = neededQueries({ ...need, baking });
  assert.deepEqual(more, []);
  assert.deepEqual(query && [query.from, query.to, query.windowMs], [LAST, LAST, 200_000]);
  const justBegun = { ...baking, since: instant(LAST + 1) };
  assert.deepEqual(neededQueries({ ...need, baking: justBegun }), []);
});

test("judged at alignUp of its end, a bake is judged over its whole length", () => {
  const time = fc.integer({ min: 0, max: 2_000_000_000_000 });
  fc.assert(
    fc.property(
      time,
      fc.integer({ min: 1, max: 3_600_000 }),
      fc.integer({ min: 1_000, max: 60_000 }),
      (at, forMs, intervalMs) => {
        const since = instant(at);
        const end = alignUp(later(since, forMs), intervalMs);
        assert.ok(gateSample(since, end, intervalMs).windowMs >= forMs);
        assert.ok(end - since < forMs + intervalMs);
        assert.ok(alignDown(since, intervalMs) <= since && alignUp(since, intervalMs) >= since);
      },
    ),
  );
});

test("before a run only metrics with a baseline are asked for, over the baseline's window", () => {
  const conditions = [
    "p95 > 2x baseline",
    "p95 < baseline + 10%",
    "cpu < 70%",
    "alert critical",
  ].map(condition);
  assert.deepEqual(baselineQueries({ conditions, stable: "green", now: NOW, analysis: ANALYSIS }), [
    { metric: "p95", slot: "green", from: LAST, to: LAST, stepMs: INTERVAL, windowMs: 600_000 },
  ]);
});

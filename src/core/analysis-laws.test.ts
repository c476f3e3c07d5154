// Laws of judging that hold for any series: more badness never clears, less data never passes, and
// neither order nor surplus of observations matters.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openAlerts } from "./alerts.ts";
import { judgeGate, judgeTrigger } from "./analysis.ts";
import { answer, condition, failed, query, sight, type Told } from "./analysis.testing.ts";
import { instant, type Actor, type RunId } from "./ids.ts";
import type { Sight } from "./measure.ts";
import { alignDown } from "./sampling.ts";
import type { Series } from "./series.ts";

const value = fc.integer({ min: 0, max: 20 });
const told: fc.Arbitrary<Told> = fc.oneof(
  { weight: 6, arbitrary: value },
  { weight: 1, arbitrary: fc.constant("gap" as const) },
  { weight: 2, arbitrary: fc.tuple(fc.option<number>(value), fc.integer({ min: 0, max: 120 })) },
);
const row = fc.array(told, { minLength: 1, maxLength: 6 });

/** Answers on p95 for both slots, in samples and over a bake of 60 s, which is one window long. */
const seriesOf = (blue: readonly Told[], green: readonly Told[]): readonly Series[] => [
  answer(query("p95"), blue),
  answer(query("p95", { slot: "green" }), green),
];

const texts = fc.constantFrom(
  "p95 > 10ms",
  "p95 > 10ms for 45s",
  "p95 > 2x baseline for 30s",
  "p95 > baseline + 3ms for 15s",
  "p95 < 10ms for 30s",
  "p95 < 2x baseline",
);
const baselines: fc.Arbitrary<Sight["baseline"]> = fc
  .option(fc.record({ value, count: fc.integer({ min: 0, max: 99 }), at: fc.constant(instant(0)) }))
  .map((p95) => (p95 === null ? {} : { p95 }));

const situation = fc.record({ text: texts, blue: row, green: row, baseline: baselines });
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const both = ({ text, baseline }: Situation, series: readonly Series[]): readonly string[] => {
  const seen = sight(series, { baseline });
  const gate = { ...seen, since: instant(alignDown(seen.now, 15_000) - 60_000) };
  const asked = condition(text);
  return [judgeTrigger(asked, seen).kind, judgeGate(asked, gate).kind];
};

test("the order of the series does not matter, nor do doubled answers", () => {
  fc.assert(
    fc.property(situation, fc.boolean(), (given, doubled) => {
      const series = seriesOf(given.blue, given.green);
      const backwards = series.toReversed();
      const verdicts = both(given, series);
      assert.deepEqual(both(given, doubled ? [...backwards, ...series] : backwards), verdicts);
    }),
  );
});

test("of contradicting answers the one that saw more counts, in whatever order they come", () => {
  const sparse = answer(query("p95"), [[99, 60]]);
  const dense = answer(query("p95"), [[1, 900]]);
  const errors = [failed(query("p95"), "timeout"), failed(query("p95"), "refused")];
  const judged = (series: readonly Series[]) =>
    judgeTrigger(condition("p95 > 10ms"), sight(series));
  assert.equal(judged([sparse, dense]).kind, "clear");
  assert.deepEqual(judged([dense, sparse]), judged([sparse, dense]));
  assert.equal(judged([...errors, sparse]).kind, "holds");
  assert.deepEqual(judged(errors.toReversed()), judged(errors));
});

test("taking samples away, or failing to read them, never makes anything hold or pass", () => {
  fc.assert(
    fc.property(situation, fc.nat(), fc.boolean(), fc.boolean(), (given, place, stable, whole) => {
      const [trigger, gate] = both(given, seriesOf(given.blue, given.green));
      const lose = (told: readonly Told[]): readonly Told[] =>
        told.map((one, index) => (index === place % told.length ? "gap" : one));
      const lost = stable
        ? seriesOf(given.blue, lose(given.green))
        : seriesOf(lose(given.blue), given.green);
      const broken = seriesOf(given.blue, given.green).map((series) =>
        series.query.slot === (stable ? "green" : "blue") ? failed(series.query) : series,
      );
      const [lessTrigger, lessGate] = both(given, whole ? broken : lost);
      if (trigger === "inconclusive") assert.equal(lessTrigger, "inconclusive");
      if (trigger !== "holds" && trigger !== "clear") assert.notEqual(lessTrigger, "clear");
      if (gate !== "pass") assert.notEqual(lessGate, "pass");
      if (lessGate !== gate) assert.equal(lessGate, "inconclusive");
    }),
    { numRuns: 1_000 },
  );
});

test("making samples worse never clears a trigger that holds", () => {
  const above = fc.constantFrom("p95 > 10ms for 45s", "p95 > 2x baseline for 30s");
  fc.assert(
    fc.property(situation, above, fc.nat({ max: 50 }), (given, text, worse) => {
      const situation = { ...given, text };
      const [before] = both(situation, seriesOf(given.blue, given.green));
      const blue = given.blue.map((one): Told => (typeof one === "number" ? one + worse : one));
      const [after] = both(situation, seriesOf(blue, given.green));
      if (before === "holds") assert.equal(after, "holds");
      if (before === "inconclusive") assert.equal(after, "inconclusive");
    }),
  );
});

test("one more bad sample, a step later, keeps a trigger that holds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 11, max: 99 }), { minLength: 4, maxLength: 9 }),
      (bad) => {
        const asked = condition("p95 > 10ms for 45s");
        assert.equal(judgeTrigger(asked, sight(seriesOf(bad, []))).kind, "holds");
        assert.equal(judgeTrigger(asked, sight(seriesOf([...bad.slice(1), 50], []))).kind, "holds");
      },
    ),
  );
});

test("more observations behind the same values change nothing once there are enough", () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 2, max: 1_000 }), (given, factor) => {
      const more = (told: readonly Told[]): readonly Told[] =>
        told.map((one): Told => {
          if (typeof one === "number") return [one, 100 * factor];
          return one === "gap" || one[1] < 50 ? one : [one[0], one[1] * factor];
        });
      const series = seriesOf(given.blue, given.green);
      assert.deepEqual(
        both(given, seriesOf(more(given.blue), more(given.green))),
        both(given, series),
      );
    }),
  );
});

test("of each alert the newest word counts, whatever the order of the facts", () => {
  const said = (seq: number, name: string, status: "firing" | "resolved") => ({
    kind: "alert" as const,
    name,
    severity: "critical",
    status,
    seq,
    at: instant(seq),
    run: "r" as RunId,
    by: "alertmanager" as Actor,
  });
  const facts = [
    said(3, "disk", "firing"),
    said(1, "cpu", "firing"),
    said(2, "cpu", "resolved"),
    said(0, "disk", "resolved"),
  ];
  assert.deepEqual(openAlerts(facts), [{ name: "disk", severity: "critical" }]);
  assert.deepEqual(openAlerts(facts.toReversed()), openAlerts(facts));
});

// The threshold language: every form that is read, every mistake with its column and advice.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { METRICS, type Condition, type MetricName } from "./threshold.ts";
import { parseCondition } from "./threshold-parse.ts";
import { conditionText } from "./threshold.testing.ts";

const read = (text: string): Condition => {
  const parsed = parseCondition(text);
  return parsed.kind === "ok" ? parsed.condition : assert.fail(`${text}: ${parsed.message}`);
};

const plain = (text: string): object => {
  const { text: _, ...rest } = read(text);
  return rest;
};

const metric = (name: MetricName, comparison: string, bound: object, forMs = 0): object => ({
  kind: "metric",
  metric: name,
  comparison,
  bound,
  forMs,
});

const absolute = (value: number): object => ({ kind: "absolute", value });

test("every form is read in the metric's unit", () => {
  const table: readonly (readonly [string, object])[] = [
    ["errorRate > 1% for 5m", metric("errorRate", ">", absolute(1), 300_000)],
    ["errorRate < 0.1%", metric("errorRate", "<", absolute(0.1))],
    ["p95 > 500ms for 5m", metric("p95", ">", absolute(500), 300_000)],
    ["p99 >= 1.5s", metric("p99", ">=", absolute(1500))],
    ["cpu < 70%", metric("cpu", "<", absolute(70))],
    ["cpu > 150%", metric("cpu", ">", absolute(150))],
    ["requests < 10/s for 1m", metric("requests", "<", absolute(10), 60_000)],
    ["requests < 10 rps", metric("requests", "<", absolute(10))],
    ["requests <= 10", metric("requests", "<=", absolute(10))],
    ["restarts > 3", metric("restarts", ">", absolute(3))],
    [
      "p95 > 2x baseline for 10m",
      metric("p95", ">", { kind: "timesBaseline", factor: 2 }, 600_000),
    ],
    ["p90 > baseline + 100ms", metric("p90", ">", { kind: "abovePoints", add: 100 })],
    ["p95 < baseline + 10%", metric("p95", "<", { kind: "abovePercent", percent: 10 })],
    ["errorRate > baseline + 10pp", metric("errorRate", ">", { kind: "abovePoints", add: 10 })],
    ["errorRate > baseline + 10%", metric("errorRate", ">", { kind: "abovePercent", percent: 10 })],
    ["restarts > baseline + 2", metric("restarts", ">", { kind: "abovePoints", add: 2 })],
    ["healthCheckFailures > 50% for 3m", metric("healthCheckFailures", ">", absolute(50), 180_000)],
    ["alert critical", { kind: "alert", severity: "critical" }],
    ["alert HighErrorRate", { kind: "namedAlert", name: "HighErrorRate" }],
  ];
  for (const [text, condition] of table) assert.deepEqual(plain(text), condition, text);
});

test("spacing does not matter, and the text stays as written", () => {
  assert.deepEqual(plain("errorRate>1%for 5m"), plain("errorRate > 1% for 5m"));
  assert.deepEqual(plain("  errorRate  >  1 %  for  5m  "), plain("errorRate > 1% for 5m"));
  assert.deepEqual(plain("p95>2xbaseline"), plain("p95 > 2 x baseline"));
  assert.deepEqual(plain("p95 > 2× baseline"), plain("p95 > 2x baseline"));
  assert.deepEqual(plain("p95>baseline+100ms"), plain("p95 > baseline + 100 ms"));
  assert.deepEqual(plain("p95 > 1s for 1h 30m"), plain("p95 > 1000ms for 90m"));
  assert.equal(read("  errorRate>1%  ").text, "errorRate>1%");
});

test("a mistake is told with its column, what was expected and what to write", () => {
  const table: readonly (readonly [text: string, at: number, says: RegExp])[] = [
    ["errorRte > 1%", 1, /unknown metric "errorRte" \(did you mean errorRate\?/u],
    ["quality > 1%", 1, /known here: errorRate, p50/u],
    ["alrt critical", 1, /did you mean alert/u],
    ["> 1%", 1, /expected a metric, found ">"/u],
    ["", 1, /expected a metric, found nothing/u],
    ["errorRate", 10, /expected a comparison behind errorRate, found nothing/u],
    ["errorRate == 1%", 11, /found "==" \(write <, <=, > or >=/u],
    ["errorRate > 5ms", 14, /compared with a percentage, found "ms"/u],
    ["errorRate > 5", 14, /compared with a percentage, found no unit/u],
    ["errorRate > 5 for 1m", 15, /found no unit/u],
    ["p95 > 5%", 8, /a time in ms or s, found "%"/u],
    ["p95 > 500", 10, /a time in ms or s, found no unit/u],
    ["p95 > 5m", 8, /a time in ms or s, found "m"/u],
    ["restarts > 3%", 13, /a plain number, found "%"/u],
    ["requests > 3/m", 14, /a number per second, found "m"/u],
    ["p95 > fast", 7, /expected a value or a form of baseline, found "fast"/u],
    ["p95 > -5ms", 7, /found "-"/u],
    ["p95 > 2x", 9, /expected baseline, found nothing \(write 2x baseline/u],
    ["p95 > 0x baseline", 7, /a factor above 0/u],
    ["p95 > 1001x baseline", 7, /up to 1000/u],
    ["p95 > baseline", 15, /expected \+ behind baseline, found nothing/u],
    ["p95 < baseline - 10%", 16, /0\.5x baseline/u],
    ["p95 > baseline + ms", 18, /expected a number behind \+/u],
    ["p95 > baseline + 10pp", 20, /a time in ms or s, found "pp"/u],
    ["errorRate > baseline + 10", 26, /pp or % here, found nothing/u],
    ["errorRate > 1% foor 5m", 16, /did you mean for\?/u],
    ["errorRate > 1% for", 19, /expected a duration, found ""/u],
    ["errorRate > 1% for 5", 20, /without a unit/u],
    ["errorRate > 1% for 5min", 20, /write errorRate > 1% for 5m/u],
    ["errorRate > 1% for 2d", 20, /at most 1d/u],
    ["errorRate > 1% for 5m and more", 20, /expected a duration/u],
    ["errorRate > 1% 5m", 16, /expected for and a duration/u],
    ["errorRate > 100%", 13, /can never hold/u],
    ["errorRate < 0%", 13, /can never hold/u],
    ["errorRate <= 100%", 14, /always holds/u],
    ["p95 >= 0ms", 8, /always holds/u],
    ["p95 > 9999999999ms", 7, /expected a value up to/u],
    ["errorRate > 0.0000001%", 13, /at most 6 digits/u],
    ["alert", 6, /expected a severity or a name.*found nothing/u],
    ["Alert HighErrorRate", 1, /expected alert .*\(write alert HighErrorRate\)/u],
    ["alerts critical", 1, /\(write alert critical\)/u],
    ["ALERT disk", 1, /\(write alert "disk" for the alert of that name/u],
    ["alert critcal", 7, /did you mean alert critical/u],
    ["x".repeat(201), 1, /at most 200 characters/u],
  ];
  for (const [text, at, says] of table) {
    const parsed = parseCondition(text);
    if (parsed.kind === "ok") assert.fail(`${text} was accepted`);
    assert.match(`${parsed.message} (${parsed.hint})`, says, text);
    assert.equal(parsed.at, at, `${text}: ${parsed.message}`);
  }
});

test("the conditions of the field's own documents are read", () => {
  const documents = [
    "errorRate > 5% for 5m",
    "errorRate > 1% for 5m",
    "p95 > 500ms for 5m",
    "cpu > 90% for 10m",
    "memory > 95% for 5m",
    "healthCheckFailures > 50% for 3m",
    "p95 > 2x baseline for 10m",
    "p90 > baseline + 100ms",
    "alert critical",
    "memory < 80%",
  ];
  for (const text of documents) read(text);
});

/** Texts near the language, so that the deeper branches are reached too. */
const nearby = fc
  .array(
    fc.constantFrom(
      ...Object.keys(METRICS),
      "alert",
      "critical",
      "HighErrorRate",
      "severity",
      "error_rate",
      '"',
      "<",
      "<=",
      ">",
      ">=",
      "=",
      "1",
      "0.5",
      "200",
      "%",
      "ms",
      "s",
      "x",
      "pp",
      "/",
      "baseline",
      "+",
      "-",
      "for",
      "5m",
      "1h30m",
      " ",
      "é",
      "\0",
    ),
    { maxLength: 12 },
  )
  .chain((words) => fc.constantFrom(words.join(" "), words.join("")));

test("any text gives a condition or an error in no time, and never throws", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 250 }), nearby), (text) => {
      const parsed = parseCondition(text);
      if (parsed.kind === "ok") return;
      assert.ok(parsed.at >= 1 && parsed.at <= text.length + 1, `column ${parsed.at}`);
      assert.ok(parsed.message.length > 0 && parsed.hint.length > 0);
    }),
    { numRuns: 3_000 },
  );
});

test("a condition that is printed is read back the same", () => {
  const number = fc.integer({ min: 1, max: 99_000 }).map((value) => value / 1000);
  const value = (name: MetricName, amount: number): string =>
    ({ percent: `${amount}%`, ms: `${amount}s`, perSecond: `${amount}/s`, count: `${amount}` })[
      METRICS[name]
    ];
  const points = (name: MetricName, amount: number): string =>
    METRICS[name] === "percent" ? `${amount}pp` : value(name, amount);
  const condition = fc
    .record({
      name: fc.constantFrom(...(Object.keys(METRICS) as MetricName[])),
      comparison: fc.constantFrom("<", "<=", ">", ">="),
      form: fc.constantFrom("value", "times", "points", "percent"),
      amount: number,
      held: fc.constantFrom("", " for 5m", " for 1h30m", " for 500ms"),
    })
    .map(({ name, comparison, form, amount, held }) => {
      const bounds: Readonly<Record<string, string>> = {
        value: value(name, amount),
        times: `${amount}x baseline`,
        points: `baseline + ${points(name, amount)}`,
        percent: `baseline + ${amount}%`,
      };
      return `${name} ${comparison} ${bounds[form]}${held}`;
    });
  fc.assert(
    fc.property(condition, (text) => {
      assert.deepEqual(plain(conditionText(read(text))), plain(text));
    }),
  );
});

// Judging triggers and gates: what holds, what passes, and all that is neither.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { captureBaseline, judgeGate, judgeTrigger } from "./analysis.ts";
import {
  answer,
  ANALYSIS,
  condition,
  failed,
  INTERVAL,
  LAST,
  NOW,
  query,
  sight,
} from "./analysis.testing.ts";
import type { Told } from "./analysis.testing.ts";
import { instant, later } from "./ids.ts";
import type { Series } from "./series.ts";

const GREEN = { slot: "green" } as const;

describe("a trigger", () => {
  const table: readonly (readonly [
    says: string,
    text: string,
    told: readonly Told[],
    kind: string,
    code: string,
  ])[] = [
    [
      "holds above the bound at every sample",
      "errorRate > 1% for 45s",
      [2, 3, 2, 5],
      "holds",
      "trigger-holds",
    ],
    ["is clear exactly at the bound", "errorRate > 1%", [1], "clear", "trigger-clear"],
    ["holds exactly at the bound with >=", "errorRate >= 1%", [1], "holds", "trigger-holds"],
    ["needs one sample without a duration", "errorRate > 1%", [0, 0, 9], "holds", "trigger-holds"],
    [
      "is clear where the oldest sample contradicts",
      "errorRate > 1% for 45s",
      [0, 9, 9, 9],
      "clear",
      "trigger-clear",
    ],
    [
      "is clear where the newest sample contradicts",
      "errorRate > 1% for 45s",
      [9, 9, 9, 0],
      "clear",
      "trigger-clear",
    ],
    [
      "does not look further back than its duration",
      "errorRate > 1% for 45s",
      [0, 9, 9, 9, 9],
      "holds",
      "trigger-holds",
    ],
    [
      "does not hold over a gap",
      "errorRate > 1% for 45s",
      [9, "gap", 9, 9],
      "inconclusive",
      "no-sample",
    ],
    [
      "does not hold with the oldest sample missing",
      "errorRate > 1% for 45s",
      [9, 9, 9],
      "inconclusive",
      "no-sample",
    ],
    [
      "does not hold without a value",
      "errorRate > 1% for 15s",
      [9, [null, 100]],
      "inconclusive",
      "no-value",
    ],
    [
      "does not hold on a single error in low traffic",
      "errorRate > 1% for 15s",
      [
        [50, 2],
        [50, 2],
      ],
      "inconclusive",
      "too-few",
    ],
    [
      "holds with exactly enough requests",
      "errorRate > 1% for 15s",
      [
        [9, 50],
        [9, 50],
      ],
      "holds",
      "trigger-holds",
    ],
    [
      "is inconclusive one request short",
      "errorRate > 1% for 15s",
      [
        [9, 50],
        [9, 49],
      ],
      "inconclusive",
      "too-few",
    ],
    [
      "is inconclusive, not clear, when nothing is wrong in low traffic",
      "errorRate > 1%",
      [[0, 3]],
      "inconclusive",
      "too-few",
    ],
    [
      "is clear where one measured sample contradicts, whatever is missing",
      "errorRate > 1% for 45s",
      ["gap", 0, "gap", [9, 1]],
      "clear",
      "no-sample",
    ],
    [
      "needs one observation where requests are not what is measured",
      "cpu > 90%",
      [[95, 1]],
      "holds",
      "trigger-holds",
    ],
    [
      "is inconclusive without any observation",
      "healthCheckFailures > 50%",
      [[100, 0]],
      "inconclusive",
      "too-few",
    ],
    [
      "takes a negative or endless value for none",
      "p95 > 1ms for 15s",
      [
        [-5, 99],
        [Infinity, 99],
      ],
      "inconclusive",
      "no-value",
    ],
    ["may ask for less", "requests < 10/s for 15s", [3, 4], "holds", "trigger-holds"],
  ];
  for (const [says, text, told, kind, code] of table) {
    test(says, () => {
      const asked = condition(text);
      const metric = asked.kind === "metric" ? asked.metric : assert.fail();
      const verdict = judgeTrigger(asked, sight([answer(query(metric), told)]));
      assert.equal(verdict.kind, kind, JSON.stringify(verdict.reasons));
      const codes = verdict.reasons.map((reason) => reason.code);
      assert.ok(codes.includes(code), codes.join());
    });
  }

  test("that could not be measured says so with the source's words", () => {
    const verdict = judgeTrigger(condition("p95 > 1s"), sight([failed(query("p95"))]));
    assert.equal(verdict.kind, "inconclusive");
    assert.match(
      verdict.reasons.at(-1)?.text ?? "",
      /p95 could not be measured: connection refused/u,
    );
  });

  test("that too few requests speak for is named, with how many there were", () => {
    const asked = condition("errorRate > 1% for 30s");
    const few = judgeTrigger(asked, sight([answer(query("errorRate"), [[0, 3]])]));
    assert.equal(
      few.reasons[0]?.text,
      "errorRate > 1% for 30s cannot be judged by so few requests: 3 of 50",
    );
    const down = judgeTrigger(asked, sight([failed(query("errorRate"))]));
    assert.equal(
      down.reasons[0]?.text,
      "errorRate > 1% for 30s cannot be judged: " +
        "errorRate could not be measured: connection refused",
    );
  });

  test("nobody answered for is inconclusive", () => {
    assert.equal(judgeTrigger(condition("p95 > 1s"), sight([])).kind, "inconclusive");
    const others = [answer(query("p99"), [9_000]), answer(query("p95", GREEN), [9_000])];
    assert.equal(judgeTrigger(condition("p95 > 1s"), sight(others)).kind, "inconclusive");
  });

  test("carries its numbers and since when it holds", () => {
    const series = [answer(query("errorRate"), [0, 4, 4.8])];
    const { kind, reasons } = judgeTrigger(condition("errorRate > 1% for 30s"), sight(series));
    assert.equal(kind, "clear");
    assert.equal(reasons[0]?.text, "errorRate is 4.8 %, above 1 % for 15s of 30s");
    assert.deepEqual(reasons[0]?.numbers, {
      metric: "errorRate",
      unit: "percent",
      value: 4.8,
      bound: 1,
      baseline: null,
      count: 100,
      at: LAST,
      since: LAST - INTERVAL,
      samples: 3,
      missing: 0,
      needed: 50,
    });
  });

  test("on an alert holds while one of that severity is open", () => {
    const asked = condition("alert critical");
    const open = { ...sight([]), alerts: [{ name: "disk", severity: "Critical" }] };
    assert.equal(judgeTrigger(asked, open).kind, "holds");
    assert.match(judgeTrigger(asked, open).reasons[0]?.text ?? "", /disk/u);
    const warning = { ...sight([]), alerts: [{ name: "disk", severity: "warning" }] };
    assert.equal(judgeTrigger(asked, warning).kind, "clear");
  });

  test("on an alert's name holds while that one is open, whatever its severity", () => {
    const asked = condition("alert HighErrorRate");
    const open = { ...sight([]), alerts: [{ name: "highErrorRate", severity: "warning" }] };
    assert.equal(judgeTrigger(asked, open).kind, "holds");
    assert.equal(judgeTrigger(asked, open).reasons[0]?.text, "alert open: highErrorRate (warning)");
    const other = { ...sight([]), alerts: [{ name: "HighErrorRates", severity: "critical" }] };
    assert.equal(judgeTrigger(asked, other).kind, "clear");
    assert.equal(judgeTrigger(asked, other).reasons[0]?.text, "no alert HighErrorRate is open");
  });
});

describe("a baseline", () => {
  const judged = (
    text: string,
    own: Told,
    stable: Series | null,
    before: number | null,
  ): string => {
    const series = [answer(query("p95"), [own]), ...(stable === null ? [] : [stable])];
    const baseline = before === null ? {} : { p95: { value: before, count: 100, at: LAST } };
    const { kind, reasons } = judgeTrigger(condition(text), sight(series, { baseline }));
    return `${kind} ${reasons.at(-1)?.code} ${reasons[0]?.numbers?.["bound"] ?? ""}`.trim();
  };
  const green = (told: Told): Series => answer(query("p95", GREEN), [told]);

  test("is what the stable slot measures at the same time", () => {
    assert.equal(judged("p95 > 2x baseline", 250, green(100), 1), "holds trigger-holds 200");
    assert.equal(judged("p95 > baseline + 100ms", 250, green(100), 1), "holds trigger-holds 200");
    assert.equal(judged("p95 > baseline + 100%", 200, green(100), 1), "clear trigger-clear 200");
  });

  test("is what it measured before where it now has too little traffic", () => {
    assert.equal(judged("p95 > 2x baseline", 250, green([1, 3]), 100), "holds trigger-holds 200");
    assert.equal(
      judged("p95 > 2x baseline", 250, green([null, 0]), 100),
      "holds trigger-holds 200",
    );
  });

  test("that was never measured well enough leaves it inconclusive", () => {
    assert.equal(judged("p95 > 2x baseline", 250, green([1, 3]), null), "inconclusive no-baseline");
  });

  test("that could not be measured now is not replaced by the one from before", () => {
    const broken = "inconclusive baseline-unmeasured";
    assert.equal(judged("p95 > 2x baseline", 250, failed(query("p95", GREEN)), 100), broken);
    assert.equal(judged("p95 > 2x baseline", 250, null, 100), broken);
  });

  test("from before is all that counts where the policy says so or nothing is stable now", () => {
    const series = [answer(query("p95"), [250]), green(1)];
    const baseline = { p95: { value: 200, count: 100, at: LAST } };
    const analysis = { ...ANALYSIS, baseline: { from: "before", windowMs: 1 } } as const;
    const asked = condition("p95 > 2x baseline");
    assert.equal(judgeTrigger(asked, sight(series, { baseline, analysis })).kind, "clear");
    const slots = { judged: "blue", stable: null } as const;
    assert.equal(judgeTrigger(asked, sight(series, { baseline, slots })).kind, "clear");
    const sparse = { p95: { value: 200, count: 49, at: LAST } };
    assert.equal(
      judgeTrigger(asked, sight(series, { baseline: sparse, analysis })).kind,
      "inconclusive",
    );
  });

  test("of zero leaves no room for a factor but some for points", () => {
    const series = [answer(query("errorRate"), [0.5]), answer(query("errorRate", GREEN), [0])];
    assert.equal(judgeTrigger(condition("errorRate > 2x baseline"), sight(series)).kind, "holds");
    assert.equal(
      judgeTrigger(condition("errorRate > baseline + 1pp"), sight(series)).kind,
      "clear",
    );
  });

  test("is captured from enough observations only", () => {
    const conditions = ["p95 > 2x baseline", "errorRate > baseline + 1pp", "cpu > 2x baseline"].map(
      condition,
    );
    const asked = { conditions, stable: "green", now: NOW, analysis: ANALYSIS } as const;
    const window = { slot: "green", windowMs: 600_000 } as const;
    const series = [
      answer(query("p95", window), [[120, 900]]),
      answer(query("errorRate", window), [[0.1, 49]]),
      failed(query("cpu", window)),
    ];
    assert.deepEqual(captureBaseline(asked, series), { p95: { value: 120, count: 900, at: LAST } });
    assert.deepEqual(captureBaseline({ ...asked, conditions: [] }, series), {});
  });
});

describe("a gate", () => {
  const since = later(LAST, -200_000);
  const bake = { windowMs: 200_000 };
  const judged = (text: string, ...series: readonly Series[]) =>
    judgeGate(condition(text), { ...sight(series), since });

  test("passes or fails on what was measured over the bake", () => {
    const series = answer(query("errorRate", bake), [[0.4, 12_310]]);
    const passed = judged("errorRate < 0.5%", series);
    assert.equal(passed.kind, "pass");
    assert.equal(
      passed.reasons[0]?.text,
      "errorRate is 0.4 %, below 0.5 % over 3m 20s (12310 observations)",
    );
    assert.equal(judged("errorRate < 0.4%", series).kind, "fail");
    assert.equal(judged("errorRate < 0.4%", series).reasons[0]?.code, "gate-failed");
  });

  test("without data is neither passed nor failed", () => {
    const inconclusive: readonly (readonly Series[])[] = [
      [],
      [failed(query("errorRate", bake))],
      [answer(query("errorRate", bake), [[null, 0]])],
      [answer(query("errorRate", bake), [[0, 49]])],
      [answer(query("errorRate", bake), [[100, 49]])],
      // Another window is not the bake.
      [answer(query("errorRate"), [0])],
    ];
    for (const series of inconclusive)
      assert.equal(judged("errorRate < 1%", ...series).kind, "inconclusive");
  });

  test("has not been measured before the first sample time of its bake", () => {
    const verdict = judgeGate(condition("cpu < 70%"), { ...sight([]), since: instant(LAST + 1) });
    assert.deepEqual([verdict.kind, verdict.reasons[0]?.code], ["inconclusive", "not-yet"]);
  });

  test("compares with the stable slot over the same bake", () => {
    const own = answer(query("p95", bake), [150]);
    const stable = answer(query("p95", { ...bake, ...GREEN }), [100]);
    assert.equal(judged("p95 < 2x baseline", own, stable).kind, "pass");
    assert.equal(judged("p95 < baseline + 10%", own, stable).kind, "fail");
    assert.equal(judged("p95 < 2x baseline", own).kind, "inconclusive");
  });
});

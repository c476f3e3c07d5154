// Measured values against their limits: every condition that is judged now, with what the last pass
// measured for it. A condition without a measurement is shown as such, never left out.

import type { Reason } from "../core/reason.ts";
import type { Run } from "../core/run.ts";
import { METRICS } from "../core/threshold.ts";
import type { Condition, MetricCondition } from "../core/threshold.ts";
import { formatMeasure } from "../core/units.ts";
import type { Gauge } from "./contract/gauges.ts";
import { currentStep } from "./run-brief.ts";

/** Empty where nothing is judged: before the first order, on the way back, after the outcome. */
export const gaugesOf = (run: Run): readonly Gauge[] => {
  if (run.state.kind !== "forward" || run.touchedAt === null || run.settled !== null) return [];
  const step = currentStep(run);
  const gates = step?.kind === "bake" ? metricsAmong(step.gates) : [];
  return [
    ...gates.map((gate) => gateGauge(run, gate)),
    ...metricsAmong(run.plan.triggers).map((trigger, _, all) => triggerGauge(run, trigger, all)),
  ];
};

const metricsAmong = (conditions: readonly Condition[]): readonly MetricCondition[] =>
  conditions.filter((condition) => condition.kind === "metric");

const gateGauge = (run: Run, gate: MetricCondition): Gauge => {
  const judged = run.because.filter(
    (reason) => reason.code.startsWith("gate-") && isAbout(reason, gate),
  );
  const reason = judged.find((each) => boundFits(each, gate)) ?? judged[0];
  const verdict =
    reason === undefined ? "inconclusive" : reason.code === "gate-passed" ? "pass" : "fail";
  return gaugeOf(run, gate, reason, { use: "gate", verdict, heldMs: 0 });
};

/** Every pass gives one reason for each trigger, in the plan's order. */
const triggerGauge = (
  run: Run,
  trigger: MetricCondition,
  all: readonly MetricCondition[],
): Gauge => {
  const alike = all.filter((other) => other.metric === trigger.metric);
  const judged = run.because.filter(
    (each) => each.code.startsWith("trigger-") && isAbout(each, trigger),
  );
  const reason = judged[alike.indexOf(trigger)];
  const since = numberIn(reason, "since");
  const heldMs = since === null ? 0 : Math.max(0, (numberIn(reason, "at") ?? since) - since);
  const verdict = VERDICTS[reason?.code ?? ""] ?? "inconclusive";
  return gaugeOf(run, trigger, reason, { use: "trigger", verdict, heldMs });
};

const VERDICTS: Readonly<Record<string, Gauge["verdict"]>> = {
  "trigger-holds": "fail",
  "trigger-clear": "pass",
};

const gaugeOf = (
  run: Run,
  condition: MetricCondition,
  reason: Reason | undefined,
  judged: Pick<Gauge, "use" | "verdict" | "heldMs">,
): Gauge => ({
  metric: condition.metric,
  slot: run.slots?.candidate ?? null,
  value: numberIn(reason, "value"),
  bound: numberIn(reason, "bound") ?? absoluteBound(condition),
  comparison: condition.comparison,
  unit: METRICS[condition.metric],
  forMs: condition.forMs,
  text: condition.text,
  ...judged,
});

const isAbout = (reason: Reason, condition: MetricCondition): boolean =>
  reason.numbers?.["metric"] === condition.metric;

const boundFits = (reason: Reason, condition: MetricCondition): boolean =>
  absoluteBound(condition) === numberIn(reason, "bound");

const absoluteBound = ({ bound }: MetricCondition): number | null =>
  bound.kind === "absolute" ? bound.value : null;

const numberIn = (reason: Reason | undefined, name: string): number | null => {
  const value = reason?.numbers?.[name];
  return typeof value === "number" ? value : null;
};

/** `errorRate 0.02 %, p95 41 ms`: each metric once; null where nothing was measured. */
export const measuredText = (reasons: readonly Reason[]): string | null => {
  const values = new Map<string, string>();
  for (const reason of reasons) {
    const metric = reason.numbers?.["metric"];
    const value = numberIn(reason, "value");
    if (typeof metric !== "string" || !isMetric(metric) || value === null) continue;
    if (!values.has(metric))
      values.set(
        metric,
        `${metric} ${formatMeasure(Number(value.toPrecision(3)), METRICS[metric])}`,
      );
  }
  return values.size === 0 ? null : [...values.values()].join(", ");
};

const isMetric = (name: string): name is MetricCondition["metric"] => Object.hasOwn(METRICS, name);

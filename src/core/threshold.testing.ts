// Conditions printed in the language's plainest spelling, for tests that go from text to condition
// and back.

import { assertNever } from "./ids.ts";
import { METRICS } from "./threshold.ts";
import type { Bound, Condition, MetricCondition, MetricUnit } from "./threshold.ts";
import { formatDuration } from "./units.ts";

/** Parsing it gives the same condition back. */
export const conditionText = (condition: Condition): string => {
  switch (condition.kind) {
    case "alert":
      return `alert ${USUAL.test(condition.severity) ? "" : "severity "}${condition.severity}`;
    case "namedAlert":
      return `alert "${condition.name}"`;
    case "metric":
      return metricText(condition);
    default:
      return assertNever(condition);
  }
};

const USUAL = /^(?:critical|warning|p\d)$/u;

const metricText = ({ metric, comparison, bound, forMs }: MetricCondition): string => {
  const held = forMs === 0 ? "" : ` for ${formatDuration(forMs)}`;
  return `${metric} ${comparison} ${boundText(bound, METRICS[metric])}${held}`;
};

const boundText = (bound: Bound, unit: MetricUnit): string => {
  switch (bound.kind) {
    case "absolute":
      return valueText(bound.value, unit);
    case "timesBaseline":
      return `${bound.factor}x baseline`;
    case "abovePoints":
      return `baseline + ${unit === "percent" ? `${bound.add}pp` : valueText(bound.add, unit)}`;
    case "abovePercent":
      return `baseline + ${bound.percent}%`;
    default:
      return assertNever(bound);
  }
};

const UNIT_SIGNS: Readonly<Record<MetricUnit, string>> = {
  percent: "%",
  ms: "ms",
  perSecond: "/s",
  count: "",
};

const valueText = (value: number, unit: MetricUnit): string => `${value}${UNIT_SIGNS[unit]}`;

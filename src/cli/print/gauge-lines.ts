// Measurements against their limits, one line each: name, value, bar, limit.

import type { Gauge } from "../../api/contract/gauges.ts";
import { duration, measured } from "./amounts.ts";
import { gaugeBar, inkOf } from "./bar.ts";
import type { Paint } from "./paint.ts";
import { clean, cut, padEnd, padStart, widthOf } from "./width.ts";

/** More than these are left out, with a word about it. */
const MOST_GAUGES = 8;
const BAR_CELLS = 12;
const LEAST_COLUMNS_FOR_BARS = 52;

export const gaugeLines = (
  gauges: readonly Gauge[],
  columns: number,
  paint: Paint,
): readonly string[] => {
  const shown = gauges.slice(0, MOST_GAUGES);
  const names = Math.max(0, ...shown.map((gauge) => widthOf(gauge.metric)));
  const values = Math.max(0, ...shown.map((gauge) => widthOf(valueText(gauge))));
  const lines = shown.map((gauge) => {
    const left = `${padEnd(clean(gauge.metric), names)}  ${padStart(valueText(gauge), values)}`;
    const bar = columns < LEAST_COLUMNS_FOR_BARS ? "" : `  ${gaugeBar(gauge, BAR_CELLS, paint)}`;
    const room = columns - widthOf(left) - widthOf(bar) - 2;
    const limit = cut(limitText(gauge), Math.max(0, room));
    const ink = gauge.verdict === "fail" ? paint.red : paint.dim;
    return `${colouredValue(cut(left, columns), gauge, paint)}${bar}  ${ink(limit)}`.trimEnd();
  });
  const more = gauges.length - shown.length;
  return more > 0 ? [...lines, paint.dim(`and ${more} more`)] : lines;
};

const valueText = (gauge: Gauge): string => measured(gauge.value, gauge.unit);

const colouredValue = (text: string, gauge: Gauge, paint: Paint): string =>
  gauge.verdict === "pass" && gauge.heldMs === 0 ? text : paint[inkOf(gauge)](text);

/** `limit 1 %`, `at least 10/s`, `back above 5 % for 5 s (3 s now)`. */
const limitText = (gauge: Gauge): string => {
  if (gauge.bound === null || gauge.comparison === null) return clean(gauge.text);
  const bound = measured(gauge.bound, gauge.unit);
  const below = gauge.comparison === "<" || gauge.comparison === "<=";
  const relative = /[<>]=? *(.*baseline.*?)(?: for .*)?$/.exec(gauge.text)?.[1];
  const from = relative === undefined ? "" : ` (${clean(relative)})`;
  if (gauge.use === "gate") return `${below ? "limit" : "at least"} ${bound}${from}`;
  const held = gauge.heldMs > 0 ? ` (${duration(gauge.heldMs)} now)` : "";
  const lasting = gauge.forMs > 0 ? ` for ${duration(gauge.forMs)}${held}` : "";
  return `back ${below ? "below" : "above"} ${bound}${from}${lasting}`;
};

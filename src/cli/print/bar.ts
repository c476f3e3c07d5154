// Bars: a share of traffic, and a measured value against its limit. What is drawn is never more
// exact than its number, and the number always stands beside it.

import type { Gauge } from "../../api/contract/gauges.ts";
import type { Paint } from "./paint.ts";

/** `▕██░░░░░░░░▏`: anything above nothing shows, and nothing but all fills it. */
export const shareBar = (permille: number, cells: number, paint: Paint): string => {
  const exact = Math.round((permille / 1_000) * cells);
  const full = Math.min(
    permille < 1_000 ? cells - 1 : cells,
    Math.max(permille > 0 ? 1 : 0, exact),
  );
  return `▕${paint.cyan("█".repeat(full))}${paint.dim("░".repeat(cells - full))}▏`;
};

/** Where the limit stands in a gauge: two thirds from its left. */
const LIMIT_AT = 2 / 3;

/** `▕███░░░░│░░░▏`: the limit is the line. A value without limit has no bar to be drawn on. */
export const gaugeBar = (gauge: Gauge, cells: number, paint: Paint): string => {
  const limit = Math.round(cells * LIMIT_AT);
  const full = filled(gauge, cells, limit);
  const ink = paint[inkOf(gauge)];
  const line = gauge.bound === null ? "░" : full > limit ? "┃" : "│";
  const below = Math.min(full, limit);
  const above = Math.max(0, full - limit - 1);
  return [
    "▕",
    ink("█".repeat(below)),
    paint.dim("░".repeat(limit - below)),
    full > limit ? ink(line) : line,
    ink("█".repeat(above)),
    paint.dim("░".repeat(cells - limit - 1 - above)),
    "▏",
  ].join("");
};

/** Cells below `limit` are values within it; at the limit and beyond, values that exceed it. */
const filled = (gauge: Gauge, cells: number, limit: number): number => {
  const { value, bound } = gauge;
  if (value === null || bound === null || value <= 0) return 0;
  if (bound <= 0) return cells;
  const exact = Math.max(1, Math.round((value / bound) * limit));
  return value < bound ? Math.min(exact, limit) : Math.min(cells, Math.max(exact, limit + 1));
};

export const inkOf = (gauge: Gauge): "green" | "red" | "yellow" => {
  // A trigger that has begun to hold is nobody's good news yet.
  if (gauge.verdict === "pass") return gauge.heldMs > 0 ? "yellow" : "green";
  return gauge.verdict === "fail" ? "red" : "yellow";
};

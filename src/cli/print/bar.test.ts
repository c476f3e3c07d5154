// Bars never say more or less than their number.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Gauge } from "../../api/contract/gauges.ts";
import { gaugeBar, shareBar } from "./bar.ts";
import { paintFor } from "./paint.ts";

const paint = paintFor(false);

test("anything above nothing shows, and only all fills the bar", () => {
  const bars = [0, 1, 250, 999, 1_000].map((permille) => shareBar(permille, 8, paint));
  assert.deepEqual(bars, ["▕░░░░░░░░▏", "▕█░░░░░░░▏", "▕██░░░░░░▏", "▕███████░▏", "▕████████▏"]);
});

const gauge = (value: number | null, bound: number | null): Gauge => ({
  metric: "errorRate",
  slot: null,
  value,
  bound,
  comparison: "<",
  unit: "percent",
  verdict: "pass",
  use: "gate",
  forMs: 0,
  heldMs: 0,
  text: "",
});

test("a value below its limit stays left of the line, one at or above it does not", () => {
  const bar = (value: number | null, bound: number | null) =>
    gaugeBar(gauge(value, bound), 9, paint);
  assert.equal(bar(0, 1), "▕░░░░░░│░░▏");
  assert.equal(bar(0.999, 1), "▕██████│░░▏");
  assert.equal(bar(1, 1), "▕██████┃░░▏");
  assert.equal(bar(100, 1), "▕██████┃██▏");
  assert.equal(bar(null, 1), "▕░░░░░░│░░▏");
  assert.equal(bar(1, null), "▕░░░░░░░░░▏");
  assert.equal(bar(1, 0), "▕██████┃██▏");
});

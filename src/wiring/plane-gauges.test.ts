// What Prometheus is told, also while the database is away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { instant } from "../core/ids.ts";
import { planeGauges } from "./plane-gauges.ts";

const NOW = instant(1_000_000);

void test("stalled runs and late wake-ups are there to be alarmed on", async () => {
  const registry = new Registry();
  planeGauges(registry, {
    now: () => NOW,
    unfinished: async (now) => ({ stalled: 2, latenessMs: now - 987_500 }),
    notedVerdict: async () => ({ at: instant(500_000), fault: "record 3 is missing" }),
  });
  const text = await registry.metrics();
  assert.match(text, /^sluice_runs_stalled 2$/m);
  assert.match(text, /^sluice_wakeup_lateness_seconds 12.5$/m);
  assert.match(text, /^sluice_audit_broken 1$/m);
  assert.match(text, /^sluice_audit_verified_timestamp_seconds 500$/m);
});

void test("a database that is away hides nothing, and does not look like health", async () => {
  const registry = new Registry();
  planeGauges(registry, {
    now: () => NOW,
    unfinished: () => Promise.reject(new Error("away")),
    notedVerdict: async () => null,
  });
  const text = await registry.metrics();
  assert.match(text, /^sluice_runs_stalled Nan$/m);
  assert.match(text, /^sluice_audit_broken 0$/m);
});

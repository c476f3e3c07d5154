// What the process target measures and what it does not, over a keeper that just started.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { instant } from "../../core/ids.ts";
import type { MetricQuery } from "../../core/series.ts";
import type { MetricName } from "../../core/threshold.ts";
import { layoutOf } from "../../layout/layout.ts";
import { processMetrics } from "./metrics.ts";
import { Bench, soon } from "./testing/bench.ts";

const bench = new Bench();
before(() => bench.open());
after(() => bench.close());

const query = (metric: MetricName, change: Partial<MetricQuery> = {}): MetricQuery => ({
  metric,
  slot: "blue",
  from: instant(1_000_000),
  to: instant(1_002_000),
  stepMs: 1_000,
  windowMs: 5_000,
  ...change,
});

test("series come in the order of their queries; what was not observed has no value", async () => {
  const queries = [query("memory"), query("errorRate"), query("cpu", { stepMs: 2_000 })];
  const [memory, errorRate, cpu] = await processMetrics(bench.layout).read(
    bench.newLane(),
    queries,
    soon(),
  );
  const nothing = (at: number): object => ({ at, value: null, count: 0 });
  assert.deepEqual(memory?.kind === "samples" && memory.samples, [
    nothing(1_000_000),
    nothing(1_001_000),
    nothing(1_002_000),
  ]);
  assert.equal(errorRate?.kind, "error");
  assert.match(errorRate?.kind === "error" ? errorRate.message : "", /does not measure errorRate/);
  assert.equal(cpu?.kind === "samples" && cpu.samples.length, 2);
});

test("too many samples are an error that says so", async () => {
  const far = query("cpu", { to: instant(100_000_000_000) });
  const [series] = await processMetrics(bench.layout).read(bench.newLane(), [far], soon());
  assert.match(series?.kind === "error" ? series.message : "", /more than 10000 samples/);
});

test("without a keeper every series is an error", async () => {
  const nowhere = processMetrics(layoutOf(`${bench.layout.dataDir}/nowhere`));
  const series = await nowhere.read(bench.newLane(), [query("cpu"), query("restarts")], soon());
  assert.deepEqual(
    series.map(({ kind }) => kind),
    ["error", "error"],
  );
});

// Requests per second through the embedded router against HAProxy in front of the same origin, in
// turns within one run, and what the router costs besides: latency, memory, reading its series.

import type { Comparison, Line } from "./line.ts";
import { type Load, RouterRig } from "./router-rig.ts";

const ROUNDS = 3;
const ROUND_SECONDS = 2;
const WARM_UP_SECONDS = 1;
const SERIES_READS = 50;

export const benchRouter = async (): Promise<Line[]> => {
  const rig = new RouterRig();
  try {
    await rig.start();
    const router: Load[] = [];
    const haproxy: Load[] = [];
    const { haproxyPort } = rig;
    if (haproxyPort === null) console.error("HAProxy is not installed: nothing to compare with");
    await rig.load(rig.routerPort, WARM_UP_SECONDS);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (haproxyPort !== null) haproxy.push(await rig.load(haproxyPort, ROUND_SECONDS));
      router.push(await rig.load(rig.routerPort, ROUND_SECONDS));
    }
    return [...trafficLines(router, haproxy), await memoryLine(rig), await seriesLine(rig)];
  } finally {
    await rig.stop();
  }
};

const mean = (loads: readonly Load[], of: (load: Load) => number): number =>
  loads.reduce((sum, load) => sum + of(load), 0) / loads.length;

const trafficLines = (router: readonly Load[], haproxy: readonly Load[]): readonly Line[] => {
  const against = (of: (load: Load) => number): Comparison | null => {
    if (haproxy.length === 0) return null;
    const value = mean(haproxy, of);
    return { what: "HAProxy, same origin", value, ratio: mean(router, of) / value };
  };
  const rate = (load: Load): number => load.requestsPerSecond;
  const p99 = (load: Load): number => load.p99Ms;
  const failed = router.reduce((sum, load) => sum + load.failed, 0);
  return [
    {
      bench: "router-requests",
      value: mean(router, rate),
      unit: "requests/s",
      comparison: against(rate),
      note: `50 connections, ${failed} failed; load and origin share the machine's cores`,
    },
    { bench: "router-p99", value: mean(router, p99), unit: "ms", comparison: against(p99) },
  ];
};

const memoryLine = async (rig: RouterRig): Promise<Line> => {
  const metrics = await rig.control("GET", "/metrics");
  const bytes = /^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1];
  return {
    bench: "router-memory",
    value: Number(bytes),
    unit: "bytes",
    comparison: null,
    note: "resident, right after the load",
  };
};

/** As a pass of the engine asks: five minutes of samples, all readings at once, over the socket. */
const seriesLine = async (rig: RouterRig): Promise<Line> => {
  const times: number[] = [];
  for (let read = 0; read < SERIES_READS; read += 1) {
    const to = Date.now();
    const query = `from=${to - 299_000}&to=${to}&step=1000&window=60000`;
    const metrics = "errorRate,p50,p90,p95,p99,requests,routerErrors,retries,aborted";
    const begun = performance.now();
    await rig.control("GET", `/routes/bench/series?slot=blue&${query}&metric=${metrics}`);
    times.push(performance.now() - begun);
  }
  return {
    bench: "router-series",
    value: times.toSorted((a, b) => a - b)[SERIES_READS / 2] ?? Number.NaN,
    unit: "ms",
    comparison: null,
    note: "300 samples of 9 readings, median",
  };
};

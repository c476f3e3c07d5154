// Nobody waits for Sluice: the command line answers at once, and a control plane is ready soon
// after it was started, on a new data directory and on one that has been used.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { startPostgres } from "../../src/drivers/embedded-postgres/postgres.ts";
import { layoutOf } from "../../src/layout/layout.ts";
import { newPlane } from "./plane.ts";

const STATUS_MS = 250;
const COLD_MS = 3_000;
const WARM_MS = 1_500;
/** The whole is three programs of Node more; idle, it needs less than PostgreSQL alone may. */
const UP_COLD_MS = 2 * COLD_MS;
const UP_WARM_MS = 2 * WARM_MS;
/** Where Node alone needs longer to do nothing, the machine is slow or busy: so much longer may all
 * the rest take. */
const NODE_MS = 60;
const TIMES = 5;
/** The middle one of so many counts: a machine may be busy for a moment. */
const STARTS = 3;
/** A busy machine gets another chance to be as quick as it can. */
const ATTEMPTS = 3;
const DEADLINE_MS = 30_000;

test("sluice up is ready in time, cold and warm, and sluice status answers at once", async (t) => {
  const before = await timed(TIMES, () => nodeAlone());
  const starts: Starts[] = [];
  for (let start = 0; start < STARTS; start += 1) starts.push(await startTwice());
  const cold = median(starts.map((one) => one.cold));
  const warm = median(starts.map((one) => one.warm));
  const status = median(starts.flatMap((one) => one.status));
  const node = median([...before, ...(await timed(TIMES, () => nodeAlone()))]);
  const slower = Math.max(1, node / NODE_MS);
  t.diagnostic(`node ${ms(node)}, cold ${ms(cold)}, warm ${ms(warm)}, status ${ms(status)}`);
  assert.ok(status < STATUS_MS * slower, `status took ${ms(status)}`);
  assert.ok(cold < UP_COLD_MS * slower, `the cold start took ${ms(cold)}, Node alone ${ms(node)}`);
  assert.ok(warm < UP_WARM_MS * slower, `the warm start took ${ms(warm)}, Node alone ${ms(node)}`);
});

interface Starts {
  readonly cold: number;
  readonly warm: number;
  readonly status: readonly number[];
}

/** On a new data directory, and again on the same one. */
const startTwice = async (): Promise<Starts> => {
  const plane = await newPlane();
  try {
    const [cold = 0] = await timed(1, () => plane.start());
    const status = await timed(TIMES, async () =>
      assert.equal((await plane.cli(["status"])).code, 0),
    );
    assert.equal((await plane.cli(["down"])).code, 0);
    const [warm = 0] = await timed(1, () => plane.start());
    return { cold, warm, status };
  } finally {
    assert.deepEqual(await plane.close(), []);
  }
};

test("PostgreSQL alone is ready in time, cold and warm", async (t) => {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && !quick(cold, warm, 0, [0]); attempt += 1) {
    const folder = await mkdtemp(join(tmpdir(), "sluice-e2e-"));
    try {
      cold.push(await startOf(folder));
      warm.push(await startOf(folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  t.diagnostic(`cold ${ms(least(cold))}, warm ${ms(least(warm))}`);
  assert.ok(least(cold) < COLD_MS, `the cold start took ${ms(least(cold))}`);
  assert.ok(least(warm) < WARM_MS, `the warm start took ${ms(least(warm))}`);
});

const startOf = async (folder: string): Promise<number> => {
  const before = performance.now();
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const postgres = await startPostgres(layoutOf(folder), { signal });
  const tookMs = performance.now() - before;
  await postgres.stop();
  return tookMs;
};

/** What the program needs, not what a machine made of it that had something else to do. */
const least = (values: readonly number[]): number => Math.min(...values);

const quick = (
  cold: readonly number[],
  warm: readonly number[],
  node: number,
  status: readonly number[],
): boolean =>
  least(cold) < COLD_MS + node && least(warm) < WARM_MS + node && least(status) < STATUS_MS;

const nodeAlone = (): Promise<void> => {
  spawnSync(process.execPath, ["-e", ""], { timeout: DEADLINE_MS });
  return Promise.resolve();
};

const timed = async (times: number, work: () => Promise<void>): Promise<readonly number[]> => {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const before = performance.now();
    await work();
    took.push(performance.now() - before);
  }
  return took;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const ms = (value: number): string => `${value.toFixed(0)} ms`;

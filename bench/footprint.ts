// What Sluice costs while nothing happens, and how long it takes to begin: memory at rest, the
// command line's start, PostgreSQL's first start and its next.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { startPostgres } from "../src/drivers/embedded-postgres/postgres.ts";
import { layoutOf } from "../src/layout/layout.ts";
import { BIN, openPlane } from "../test/e2e/plane.ts";
import type { Plane } from "../test/e2e/plane.ts";
import { processesOf } from "../test/e2e/processes.ts";
import type { Found } from "../test/e2e/processes.ts";
import type { Line } from "./line.ts";

const STARTS = 10;
const REST_MS = 10_000;
const START_MS = 60_000;
const BYTES_PER_KIB = 1_024;

export const benchFootprint = async (): Promise<readonly Line[]> => {
  const plane = await openPlane();
  try {
    await sleep(REST_MS);
    return [...memoryOf(plane), statusLine(plane), ...(await postgresLines())];
  } finally {
    await plane.close();
  }
};

/** Each part's own share: pages that several share count in parts. Nothing where the system does
 * not say. */
const memoryOf = (plane: Plane): readonly Line[] => {
  const found = processesOf(plane.folder);
  const parts: Readonly<Record<string, readonly Found[]>> = {
    "control-plane": found.filter(({ command }) => / up( |$)/.test(command)),
    postgresql: processesOf(plane.layout.postgres),
    "keeper-and-router": found.filter(({ command }) => /(keeper|router)\/main/.test(command)),
  };
  return Object.entries(parts).map(([name, processes]) => ({
    bench: `memory-at-rest-${name}`,
    value: processes.reduce((sum, { pid }) => sum + proportionalBytes(pid), 0),
    unit: "bytes",
    comparison: null,
    note: `proportional set size of ${processes.length} processes, ${REST_MS / 1_000} s in`,
  }));
};

const proportionalBytes = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * BYTES_PER_KIB;
};

const statusLine = (plane: Plane): Line => {
  const status = medianMs([BIN, "status"], plane);
  const node = medianMs(["-e", ""], plane);
  return {
    bench: "status-cold-start",
    value: status,
    unit: "ms",
    comparison: { what: "Node doing nothing", value: node, ratio: status / node },
    note: `median of ${STARTS}`,
  };
};

const medianMs = (args: readonly string[], plane: Plane): number => {
  const took = Array.from({ length: STARTS }, () => {
    const before = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: { ...process.env, SLUICE_DATA_DIR: plane.layout.dataDir },
      encoding: "utf8",
      timeout: START_MS,
    });
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
    return performance.now() - before;
  });
  return took.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0;
};

const postgresLines = async (): Promise<readonly Line[]> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-footprint-"));
  try {
    const cold = await startMs(folder);
    const warm = await startMs(folder);
    const note = "until it takes connections";
    return [
      { bench: "postgresql-cold-start", value: cold, unit: "ms", comparison: null, note },
      { bench: "postgresql-warm-start", value: warm, unit: "ms", comparison: null, note },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const startMs = async (folder: string): Promise<number> => {
  const before = performance.now();
  const postgres = await startPostgres(layoutOf(folder), { signal: AbortSignal.timeout(START_MS) });
  const took = performance.now() - before;
  await postgres.stop();
  return took;
};

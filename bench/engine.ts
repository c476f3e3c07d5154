// A thousand releases watched at once by one replica, each looked at every two seconds: how late
// the looks are, what they cost, and what the process needs compared with having nothing to do.

import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { INTERVAL_MS } from "./engine-process.ts";
import type { EngineFigures } from "./engine-process.ts";
import type { Line } from "./line.ts";

const RUNS = 1_000;
const DEADLINE_MS = 300_000;

export const benchEngine = async (): Promise<readonly Line[]> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-engine-"));
  try {
    return linesOf(measure(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const measure = (folder: string): EngineFigures => {
  const program = join(import.meta.dirname, "engine-process.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder, String(RUNS)], {
    encoding: "utf8",
    timeout: DEADLINE_MS,
  });
  if (status !== 0) throw new Error(`the measured process ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as EngineFigures;
};

const linesOf = (figures: EngineFigures): readonly Line[] => {
  const { passesPerSecond, lateP50Ms, lateP99Ms, cpuPercent, restBytes, busyBytes } = figures;
  const aimed = RUNS / (INTERVAL_MS / 1_000);
  const note = `${RUNS} runs, a pass every ${INTERVAL_MS / 1_000} s each, one replica`;
  return [
    {
      bench: "engine-passes",
      value: passesPerSecond,
      unit: "passes/s",
      comparison: { what: "as many as are due", value: aimed, ratio: passesPerSecond / aimed },
      note,
    },
    { bench: "engine-late-p50", value: lateP50Ms, unit: "ms", comparison: null, note },
    { bench: "engine-late-p99", value: lateP99Ms, unit: "ms", comparison: null, note },
    {
      bench: "engine-cpu",
      value: cpuPercent,
      unit: "percent",
      comparison: null,
      note: `${note}; of one core, without PostgreSQL`,
    },
    {
      bench: "engine-memory",
      value: busyBytes,
      unit: "bytes",
      comparison: { what: "at rest", value: restBytes, ratio: busyBytes / restBytes },
      note,
    },
  ];
};

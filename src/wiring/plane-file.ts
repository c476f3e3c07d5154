// Which control planes run on a data directory: a file each, so that `sluice down` finds them and
// is not fooled by a pid that somebody else has now.

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { systemProcesses } from "../drivers/process/keeper/processes.ts";
import type { Layout } from "../layout/layout.ts";

const planeSchema = z.object({ pid: z.number().int().min(2), identity: z.string() });
export type PlaneProcess = z.infer<typeof planeSchema>;

const folderOf = (layout: Layout): string => join(layout.dataDir, "planes");
const fileOf = (layout: Layout, pid: number): string => join(folderOf(layout), `${pid}.json`);

/** Returns what removes it again. */
export const registerPlane = async (layout: Layout): Promise<() => Promise<void>> => {
  const identity = await systemProcesses().identify(process.pid);
  const file = fileOf(layout, process.pid);
  await mkdir(folderOf(layout), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify({ pid: process.pid, identity: identity ?? "unknown" }), {
    mode: 0o600,
  });
  return () => rm(file, { force: true });
};

/** Those that still run; what others left behind is removed. */
export const runningPlanes = async (layout: Layout): Promise<readonly PlaneProcess[]> => {
  const names = await readdir(folderOf(layout)).catch(() => []);
  const planes = await Promise.all(names.map((name) => readPlane(join(folderOf(layout), name))));
  return planes.filter((plane) => plane !== null);
};

const readPlane = async (path: string): Promise<PlaneProcess | null> => {
  const text = await readFile(path, "utf8").catch(() => "null");
  const plane = planeSchema.safeParse(parsed(text));
  if (plane.success && (await isRunning(plane.data))) return plane.data;
  await rm(path, { force: true });
  return null;
};

export const isRunning = async ({ pid, identity }: PlaneProcess): Promise<boolean> =>
  (await systemProcesses().identify(pid)) === identity;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

// At most one keeper a data directory. Locks are numbered files that say who holds them; the one
// with the highest number counts, and it is free once its holder is dead. Taking it means creating
// the next number, which only one can; the highest is never removed, so nobody can take a lower one
// by being slow.

import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Processes } from "./process-table.ts";

const holderSchema = z.object({ pid: z.number().int().min(2), identity: z.string() });
export type LockHolder = z.infer<typeof holderSchema>;

/** Who holds it now, or null: we do, until this process ends. */
export const takeLock = async (
  folder: string,
  processes: Processes,
): Promise<LockHolder | null> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const identity = await processes.identify(process.pid);
  if (identity === null) throw new Error("cannot read the start time of this process");
  const ours = join(folder, `taking-${process.pid}-${randomBytes(4).toString("hex")}`);
  writeFileSync(ours, JSON.stringify({ pid: process.pid, identity }), { flag: "wx", mode: 0o600 });
  try {
    for (;;) {
      const highest = numbers(folder).at(-1) ?? 0;
      const holder = highest === 0 ? null : readHolder(lockFile(folder, highest));
      if (holder !== null && (await processes.identify(holder.pid)) === holder.identity)
        return holder;
      const mine = highest + 1;
      if (!created(ours, lockFile(folder, mine))) continue;
      if (numbers(folder).at(-1) !== mine) {
        rmSync(lockFile(folder, mine));
        continue;
      }
      for (const old of numbers(folder))
        if (old < mine) rmSync(lockFile(folder, old), { force: true });
      return null;
    }
  } finally {
    rmSync(ours, { force: true });
  }
};

const lockFile = (folder: string, number: number): string => join(folder, `lock-${number}`);

/** Ascending. */
const numbers = (folder: string): readonly number[] =>
  readdirSync(folder)
    .flatMap((name) => /^lock-([0-9]+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);

/** Null: it was removed meanwhile, or does not say. */
const readHolder = (path: string): LockHolder | null => {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
};

const created = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
};

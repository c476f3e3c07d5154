// One router per state folder. The lock is an exclusive transaction on an empty SQLite file: the
// one lock that Node can hold which the kernel releases however the process ends, so that it can
// neither be left behind nor be taken twice.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Lock {
  release(): void;
}

/** Null: another process has it. The folder must exist. */
export const lockFolder = (folder: string): Lock | null => {
  const database = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { readonly errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return { release: () => database.close() };
};

const SQLITE_BUSY = 5;

// Simulated databases, one a lane: what was written to each, its backups, and what was put back.
// As the real driver does, one order puts back once, however often it comes.

import type { BackupProof } from "../../core/backup/backup.ts";
import type { EffectKey } from "../../core/effect.ts";
import { laneName } from "../../core/lane.ts";
import type { LaneKey } from "../../core/lane.ts";

export interface SimBackup {
  readonly lane: string;
  readonly run: string;
  readonly step: string;
  readonly proven: boolean;
  /** What the database held. */
  readonly marks: readonly string[];
}

export interface SimDatabases {
  /** Something wrote to the lane's database. */
  wrote(lane: LaneKey, mark: string): void;
  /** What it holds now. */
  holds(lane: LaneKey): readonly string[];
  made(key: EffectKey, backup: Omit<SimBackup, "lane" | "run">): BackupProof;
  /** Null: there is none. */
  backup(id: string): SimBackup | null;
  /** The newest one of this step of a run; null: none was made. */
  of(run: string, step: string): SimBackup | null;
  /** How often the order has put it back, this time included. */
  putBack(lane: LaneKey, order: string, id: string): number;
}

/** `once`: as it should be. */
export const simDatabases = (once: boolean): SimDatabases => {
  const contents = new Map<string, readonly string[]>();
  const backups = new Map<string, SimBackup>();
  const orders = new Map<string, number>();
  const holds = (lane: LaneKey): readonly string[] => contents.get(laneName(lane)) ?? [];
  return {
    holds,
    wrote: (lane, mark) => void contents.set(laneName(lane), [...holds(lane), mark]),
    made: (key, backup) => {
      const id = `main.${backups.size + 1}`;
      backups.set(id, { ...backup, lane: laneName(key), run: key.run });
      return { id, digest: id };
    },
    backup: (id) => backups.get(id) ?? null,
    of: (run, step) =>
      [...backups.values()].findLast((one) => one.run === run && one.step === step) ?? null,
    putBack: (lane, order, id) => {
      const times = orders.get(order) ?? 0;
      if (times > 0 && once) return times;
      orders.set(order, times + 1);
      contents.set(laneName(lane), backups.get(id)?.marks ?? []);
      return times + 1;
    },
  };
};

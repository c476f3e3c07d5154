// What the keeper must know about processes that are not its children: is this pid still the same
// process, what does its group use, and which processes carry an instance's mark; and how they are
// sent signals.

import type { RefreshSignal } from "../../../core/runtime.ts";

/** Names one process for ever: boot and start time. A reused pid has another one. */
export type Identity = string;

/** CPU time since the process began, and resident memory. */
export interface Usage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

export interface Processes {
  /** Null: no such process, or only its corpse is left. */
  identify(pid: number): Promise<Identity | null>;
  /** True while a member of the group runs. */
  groupLives(pgid: number): Promise<boolean>;
  /** Per member of each group; a member's CPU time only grows. A group that is gone has none. */
  usage(pgids: ReadonlySet<number>): Promise<ReadonlyMap<number, ReadonlyMap<number, Usage>>>;
  /** Live processes by the SLUICE_INSTANCE in their environment. Empty where the system does not
   * show environments. */
  marked(): Promise<ReadonlyMap<string, readonly Marked[]>>;
}

export interface Marked {
  readonly pid: number;
  /** True for the process that the keeper started, false for what came of it. */
  readonly leadsGroup: boolean;
}

export const MARK = "SLUICE_INSTANCE";

/** True: the signal was sent to at least one member of the group. */
export const signalGroup = (pgid: number, signal: "SIGTERM" | "SIGKILL"): boolean =>
  signalTo(-pgid, signal);

/** False: there is no such process (or, negative, group), or it is somebody else's. */
export const signalTo = (
  pid: number,
  signal: "SIGTERM" | "SIGKILL" | RefreshSignal | 0,
): boolean => {
  // 0, 1 and -1 would mean ourselves, init and everybody.
  if (Math.abs(pid) <= 1) throw new Error(`refusing to signal ${pid}`);
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

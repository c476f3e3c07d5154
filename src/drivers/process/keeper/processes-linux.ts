// Processes as Linux shows them under /proc. Reads are synchronous: /proc is memory, and one read
// takes some microseconds.

import { readFileSync, readdirSync } from "node:fs";
import { MARK, signalTo } from "./process-table.ts";
import type { Marked, Processes, Usage } from "./process-table.ts";

/** Unit of times in /proc/PID/stat: for user space 100 per second on every architecture. */
const TICK_MS = 10;
/** Finding the members of a group means reading every process, so it is not done each second. */
const MEMBERS_FOR_MS = 5_000;

/** proc(5), the fields of /proc/PID/stat that are of interest. */
interface Stat {
  readonly alive: boolean;
  readonly pgid: number;
  readonly cpuMs: number;
  readonly startTicks: string;
}

export const linuxProcesses = (): Processes => {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  let members: ReadonlyMap<number, readonly number[]> = new Map();
  let membersAt = Number.NEGATIVE_INFINITY;
  const membersOf = (pgids: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> => {
    const now = performance.now();
    if (now - membersAt > MEMBERS_FOR_MS || pgids.difference(members).size > 0) {
      members = groups();
      membersAt = now;
    }
    return members;
  };
  return {
    identify: async (pid) => {
      const stat = readStat(pid);
      return stat?.alive === true ? `${boot}:${stat.startTicks}` : null;
    },
    groupLives: async (pgid) => signalTo(-pgid, 0) && groups().has(pgid),
    usage: async (pgids) => {
      const all = membersOf(pgids);
      return new Map([...pgids].map((pgid) => [pgid, usageOf(all.get(pgid) ?? [])]));
    },
    marked: async () => markedProcesses(),
  };
};

const read = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
};

const pids = (): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);

const readStat = (pid: number): Stat | null => {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The name in parentheses may hold anything, so fields count from its last one: state is 3.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): string => fields[number - 3] ?? "";
  return {
    alive: !["Z", "X", "x"].includes(field(3)),
    pgid: Number(field(5)),
    cpuMs: (Number(field(14)) + Number(field(15))) * TICK_MS,
    startTicks: field(22),
  };
};

const groups = (): ReadonlyMap<number, readonly number[]> => {
  const found = new Map<number, number[]>();
  for (const pid of pids()) {
    const stat = readStat(pid);
    if (stat?.alive !== true) continue;
    found.getOrInsertComputed(stat.pgid, () => []).push(pid);
  }
  return found;
};

const usageOf = (members: readonly number[]): ReadonlyMap<number, Usage> =>
  new Map(
    members.flatMap((pid) => {
      const stat = readStat(pid);
      const resident = /^VmRSS:\s+([0-9]+) kB$/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
      if (stat?.alive !== true || resident === undefined) return [];
      return [[pid, { cpuMs: stat.cpuMs, memoryBytes: Number(resident) * 1024 }]];
    }),
  );

const markedProcesses = (): ReadonlyMap<string, readonly Marked[]> => {
  const found = new Map<string, Marked[]>();
  for (const pid of pids()) {
    const entry = read(`/proc/${pid}/environ`)
      ?.split("\0")
      .find((each) => each.startsWith(`${MARK}=`));
    const stat = entry === undefined ? null : readStat(pid);
    if (entry === undefined || stat?.alive !== true) continue;
    const id = entry.slice(MARK.length + 1);
    found.getOrInsertComputed(id, () => []).push({ pid, leadsGroup: stat.pgid === pid });
  }
  return found;
};

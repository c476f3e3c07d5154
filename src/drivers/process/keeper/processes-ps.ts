// Processes as ps shows them, for systems without /proc. It tells start times in whole seconds
// only, and no environments: an instance started in the instant of the keeper's death is not found
// again.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cpuMsOf } from "./ps-time.ts";
import { signalTo } from "./process-table.ts";
import type { Processes, Usage } from "./process-table.ts";

const run = promisify(execFile);
const DEADLINE_MS = 3_000;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** Empty where ps says that there is nothing (it exits with 1 then). */
const ps = async (args: readonly string[]): Promise<string> => {
  try {
    const options = { timeout: DEADLINE_MS, maxBuffer: MAX_OUTPUT_BYTES, env: { LC_ALL: "C" } };
    return (await run("/bin/ps", [...args], options)).stdout;
  } catch {
    return "";
  }
};

export const psProcesses = (): Processes => ({
  identify: async (pid) => {
    const [state, ...started] = (await ps(["-o", "stat=,lstart=", "-p", String(pid)]))
      .trim()
      .split(/\s+/);
    return state === undefined || state === "" || state.startsWith("Z") ? null : started.join(" ");
  },
  groupLives: async (pgid) => signalTo(-pgid, 0),
  usage: async (pgids) => {
    const found = new Map<number, Map<number, Usage>>();
    for (const line of (await ps(["-A", "-o", "pid=,pgid=,rss=,time="])).split("\n")) {
      const [pid, pgid, kilobytes, time] = line.trim().split(/\s+/);
      if (time === undefined || !pgids.has(Number(pgid))) continue;
      const usage = { cpuMs: cpuMsOf(time), memoryBytes: Number(kilobytes) * 1024 };
      found.getOrInsertComputed(Number(pgid), () => new Map()).set(Number(pid), usage);
    }
    return found;
  },
  marked: async () => new Map(),
});

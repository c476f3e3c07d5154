// CPU and memory of instances, each with everything in its process group.

import type { Processes, Usage } from "./process-table.ts";

export interface Reading {
  /** Percent of one core over the time since the last look; null on the first. */
  readonly cpuPercentOfCore: number | null;
  readonly memoryBytes: number;
}

export class Sampler {
  readonly #processes: Processes;
  #before: {
    readonly at: number;
    readonly usage: ReadonlyMap<number, ReadonlyMap<number, Usage>>;
  } = {
    at: 0,
    usage: new Map(),
  };

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  /** By group id; groups without a living member are left out. `at` in ms of a clock that only
   * goes forward. */
  async look(pgids: ReadonlySet<number>, at: number): Promise<ReadonlyMap<number, Reading>> {
    const usage = await this.#processes.usage(pgids);
    const { at: beforeAt, usage: beforeUsage } = this.#before;
    this.#before = { at, usage };
    return new Map(
      [...usage].flatMap(([pgid, members]) => {
        if (members.size === 0) return [];
        const before = beforeUsage.get(pgid);
        let cpuMs = 0;
        let memoryBytes = 0;
        for (const [pid, now] of members) {
          memoryBytes += now.memoryBytes;
          cpuMs += now.cpuMs - (before?.get(pid)?.cpuMs ?? now.cpuMs);
        }
        const known = before !== undefined && before.size > 0 && at > beforeAt;
        const cpuPercentOfCore = known ? (100 * Math.max(0, cpuMs)) / (at - beforeAt) : null;
        return [[pgid, { cpuPercentOfCore, memoryBytes }]];
      }),
    );
  }
}

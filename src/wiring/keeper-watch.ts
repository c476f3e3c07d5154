// The keeper outlives control planes, and a control plane that runs sees to it that there is one.

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { ensureKeeper } from "../drivers/process/ensure-keeper.ts";
import type { KeeperOptions } from "../drivers/process/ensure-keeper.ts";
import type { Layout } from "../layout/layout.ts";

const EVERY_MS = 1_000;

export interface KeeperWatch {
  /** Null while it answers. */
  trouble(): string | null;
}

/** Resolves once the keeper answers for the first time; goes on until the signal. */
export const watchKeeper = async (
  layout: Layout,
  options: KeeperOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<KeeperWatch> => {
  await ensureKeeper(layout, options);
  let trouble: string | null = null;
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await ensureKeeper(layout, options);
        trouble = null;
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
        log.error({ trouble }, "the keeper does not answer");
      }
    }
  };
  void watch();
  return { trouble: () => trouble };
};

// The keeper outlives control planes, and a control plane that runs sees to it that there is one.

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { ensureKeeper } from "../drivers/process/ensure-keeper.ts";
import type { KeeperOptions } from "../drivers/process/ensure-keeper.ts";
import type { Layout } from "../layout/layout.ts";
import { stopIdleKeeper } from "./stop-keeper.ts";

const EVERY_MS = 1_000;

export interface KeeperWatch {
  /** Null while it answers. */
  trouble(): string | null;
  /** For a start that failed, after the signal: a keeper that it started and that has nothing to
   * keep is ended with it. Never rejects. */
  takeBack(): Promise<void>;
}

/** Resolves once the keeper answers for the first time; goes on until the signal. */
export const watchKeeper = async (
  layout: Layout,
  options: KeeperOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<KeeperWatch> => {
  const { started } = await ensureKeeper(layout, options);
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
  const watching = watch();
  return {
    trouble: () => trouble,
    takeBack: async () => {
      await watching;
      if (!started) return;
      const became = await stopIdleKeeper(layout).catch(() => "goes on" as const);
      if (became === "goes on") {
        log.warn("keeper and router go on; to end them as well: sluice down --all");
      }
    },
  };
};

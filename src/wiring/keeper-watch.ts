// The keeper outlives control planes, and a control plane that runs sees to it that there is one.

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { keeperClient } from "../drivers/process/client.ts";
import type { KeeperInfo, ToldSecrets } from "../drivers/process/contract.ts";
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

export interface WatchOptions extends KeeperOptions {
  readonly secrets: ToldSecrets;
}

/** Tells each keeper once what only a control plane knows: one that was started anew has forgotten
 * it. */
const greeter = (layout: Layout, secrets: ToldSecrets, signal: AbortSignal) => {
  let greeted = "";
  return async ({ pid, startedAt }: KeeperInfo): Promise<void> => {
    const who = `${pid} ${startedAt}`;
    if (who === greeted) return;
    await keeperClient(layout).tellSecrets(secrets, signal);
    greeted = who;
  };
};

/** Resolves once the keeper answers for the first time; goes on until the signal. */
export const watchKeeper = async (
  layout: Layout,
  options: WatchOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<KeeperWatch> => {
  const greet = greeter(layout, options.secrets, signal);
  const keeper = await ensureKeeper(layout, options);
  const { started } = keeper;
  await greet(keeper).catch((error: unknown) => {
    log.error({ why: String(error) }, "the keeper was not told of secrets");
  });
  let trouble: string | null = null;
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await greet(await ensureKeeper(layout, options));
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

// Brings the keeper up where it does not answer. It is started detached, with a clean environment,
// and outlives whoever called; should several call at once, all but one of the keepers leave again.

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../core/refusal.ts";
import type { Layout } from "../../layout/layout.ts";
import { ownEnvironment } from "./clean-environment.ts";
import { keeperClient } from "./client.ts";
import type { KeeperInfo } from "./contract.ts";
import { ownFolder } from "./own-folder.ts";
import { compileCache, keeperLog } from "./paths.ts";

export interface KeeperOptions {
  /** Where the router shows its metrics to Prometheus, `host:port`; absent: nowhere. Counts only
   * when the keeper, and with it the router, is started by this call. */
  readonly routerMetrics?: string | undefined;
  /** The router's program, where it is not Sluice's own. */
  readonly router?: string | undefined;
}

const DEADLINE_MS = 15_000;
const PING_MS = 1_000;
const LOOK_MS = 20;
const MAX_LOG_CHARACTERS = 2_000;

export interface EnsuredKeeper extends KeeperInfo {
  /** By this very call. */
  readonly started: boolean;
}

/** What the keeper says of itself, whether it was there or has been started. Throws a Refusal
 * `keeper-not-starting` with the end of its log. */
export const ensureKeeper = async (
  layout: Layout,
  options: KeeperOptions = {},
): Promise<EnsuredKeeper> => {
  const keeper = keeperClient(layout);
  const ping = (): Promise<KeeperInfo | null> =>
    keeper.info(AbortSignal.timeout(PING_MS)).catch(() => null);
  const there = await ping();
  if (there !== null) return { ...there, started: false };
  const started = startDetached(layout, options);
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const answer = await ping();
    if (answer !== null) {
      // Somebody else's came first. Ours must not wait for its turn until that one is shut down.
      const isOurs = answer.pid === started.pid;
      if (!isOurs) started.abandon();
      return { ...answer, started: isOurs };
    }
    if (started.failed()) break;
    await sleep(LOOK_MS);
  }
  throw new Refusal({
    code: "keeper-not-starting",
    message: `the keeper does not answer; the end of its log: ${endOfLog(keeperLog(layout))}`,
    where: keeperLog(layout),
    hint: "mend what the log complains of and try again",
  });
};

interface Started {
  readonly pid: number | undefined;
  failed(): boolean;
  abandon(): void;
}

const startDetached = (layout: Layout, options: KeeperOptions): Started => {
  ownFolder(layout.keeper);
  const script = join(import.meta.dirname, `keeper/main${extname(import.meta.filename)}`);
  const args = [script, "--data-dir", layout.dataDir];
  if (options.router !== undefined) args.push("--router", options.router);
  if (options.routerMetrics !== undefined) args.push("--router-metrics", options.routerMetrics);
  const log = openSync(keeperLog(layout), "a", 0o600);
  try {
    const child = spawn(process.execPath, args, {
      cwd: layout.dataDir,
      env: ownEnvironment(compileCache(layout)),
      stdio: ["ignore", log, log],
      detached: true,
    });
    let failed = false;
    child.once("error", () => (failed = true));
    // Code 0 is the one that found another keeper there.
    child.once("exit", (code) => (failed ||= code !== 0));
    child.unref();
    const abandon = (): void => void child.kill("SIGTERM");
    return { pid: child.pid, failed: () => failed, abandon };
  } finally {
    closeSync(log);
  }
};

const endOfLog = (path: string): string => {
  try {
    return readFileSync(path, "utf8").slice(-MAX_LOG_CHARACTERS).trim();
  } catch {
    return "empty";
  }
};

// The keeper told to end, with instances and router: by `sluice down --all`, and by a start that
// failed and leaves behind nothing that it began.

import { lstat, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keeperClient } from "../drivers/process/client.ts";
import { systemProcesses } from "../drivers/process/keeper/processes.ts";
import { keeperSocket, ordersFolder, routerSocket } from "../drivers/process/paths.ts";
import type { Layout } from "../layout/layout.ts";
import { isRunning } from "./plane-file.ts";
import type { PlaneProcess } from "./plane-file.ts";

export interface KeeperStopped {
  readonly instances: number;
  readonly router: boolean;
}

const KEEPER_STOP_MS = 60_000;
/** From its last word to its end. */
const KEEPER_LEAVE_MS = 5_000;
const PING_MS = 1_000;
const POLL_MS = 25;

/** Drained and in order. Rejects where the keeper does not come to an end. */
export const stopKeeper = async (layout: Layout): Promise<KeeperStopped> => {
  const keeper = keeperClient(layout);
  const info = await keeper.info(AbortSignal.timeout(PING_MS)).catch(() => null);
  if (info === null) return { instances: 0, router: false };
  const identity = (await systemProcesses().identify(info.pid)) ?? "gone";
  await keeper.shutdown("stop", AbortSignal.timeout(KEEPER_STOP_MS));
  const left = await isGone({ pid: info.pid, identity }, KEEPER_LEAVE_MS);
  if (left) await removeSockets(layout);
  return { instances: info.instances, router: true };
};

/** Ends a keeper that has nothing to keep: no order was ever taken and no instance is there. */
export const stopIdleKeeper = async (layout: Layout): Promise<"ended" | "goes on"> => {
  const ordered = await readdir(ordersFolder(layout)).catch(() => []);
  const info = await keeperClient(layout)
    .info(AbortSignal.timeout(PING_MS))
    .catch(() => null);
  if (info === null) return "ended";
  if (ordered.length > 0 || info.instances > 0) return "goes on";
  await stopKeeper(layout);
  return "ended";
};

/** False: it still runs when the time is over. */
export const isGone = async (one: PlaneProcess, withinMs: number): Promise<boolean> => {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (!(await isRunning(one))) return true;
  }
  return false;
};

/** The sockets' folder may lie in a temporary folder that nobody tidies. A folder in which somebody
 * still has a socket is not empty, and stays; so does one that is not ours. */
const removeSockets = async (layout: Layout): Promise<void> => {
  const folder = await lstat(layout.sockets).catch(() => null);
  if (folder === null || !folder.isDirectory() || folder.uid !== process.geteuid?.()) return;
  await rm(keeperSocket(layout), { force: true });
  await rm(routerSocket(layout), { force: true });
  await rmdir(join(layout.sockets, "pg")).catch(() => {});
  await rmdir(layout.sockets).catch(() => {});
};

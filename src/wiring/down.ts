// `sluice down`: ends the control planes of a data directory; with `all`, instances, router and
// keeper as well, drained and in order.

import { setTimeout as sleep } from "node:timers/promises";
import type { DownOptions, Stopped } from "../cli/locals.ts";
import { Refusal } from "../core/refusal.ts";
import { keeperClient } from "../drivers/process/client.ts";
import { systemProcesses } from "../drivers/process/keeper/processes.ts";
import { layoutOf } from "../layout/layout.ts";
import type { Layout } from "../layout/layout.ts";
import { isRunning, runningPlanes } from "./plane-file.ts";
import type { PlaneProcess } from "./plane-file.ts";

const PLANE_STOP_MS = 35_000;
const KEEPER_STOP_MS = 60_000;
/** From its last word to its end. */
const KEEPER_LEAVE_MS = 5_000;
const PING_MS = 1_000;
const POLL_MS = 25;

/** Throws a Refusal `not-running` where there is nothing to stop. */
export const down = async ({ dataDir, all }: DownOptions): Promise<Stopped> => {
  const layout = layoutOf(dataDir);
  const planes = await runningPlanes(layout);
  for (const plane of planes) await stopPlane(plane);
  const rest = all ? await stopKeeper(layout) : { instances: 0, router: false };
  if (planes.length === 0 && !rest.router && rest.instances === 0) {
    throw new Refusal({
      code: "not-running",
      message: "nothing of Sluice runs on this data directory",
      where: layout.dataDir,
      hint: "name another one with --data-dir",
    });
  }
  return { controlPlane: planes.length > 0, ...rest };
};

const stopPlane = async (plane: PlaneProcess): Promise<void> => {
  process.kill(plane.pid, "SIGTERM");
  if (await gone(plane, PLANE_STOP_MS)) return;
  throw new Refusal({
    code: "does-not-stop",
    message:
      `the control plane with pid ${plane.pid} did not stop ` +
      `within ${PLANE_STOP_MS / 1000} s`,
    hint: "look at its log; kill -9 loses nothing",
  });
};

/** False: it still runs when the time is over. */
const gone = async (plane: PlaneProcess, withinMs: number): Promise<boolean> => {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (!(await isRunning(plane))) return true;
  }
  return false;
};

const stopKeeper = async (layout: Layout): Promise<Omit<Stopped, "controlPlane">> => {
  const keeper = keeperClient(layout);
  const info = await keeper.info(AbortSignal.timeout(PING_MS)).catch(() => null);
  if (info === null) return { instances: 0, router: false };
  const identity = (await systemProcesses().identify(info.pid)) ?? "gone";
  await keeper.shutdown("stop", AbortSignal.timeout(KEEPER_STOP_MS));
  await gone({ pid: info.pid, identity }, KEEPER_LEAVE_MS);
  return { instances: info.instances, router: true };
};

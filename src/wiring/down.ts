// `sluice down`: ends the control planes of a data directory; with `all`, instances, router and
// keeper as well, drained and in order.

import type { DownOptions, Stopped } from "../cli/locals.ts";
import { Refusal } from "../core/refusal.ts";
import { layoutOf } from "../layout/layout.ts";
import { runningPlanes } from "./plane-file.ts";
import type { PlaneProcess } from "./plane-file.ts";
import { isGone, stopKeeper } from "./stop-keeper.ts";

const PLANE_STOP_MS = 35_000;

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
  if (await isGone(plane, PLANE_STOP_MS)) return;
  throw new Refusal({
    code: "does-not-stop",
    message:
      `the control plane with pid ${plane.pid} did not stop ` +
      `within ${PLANE_STOP_MS / 1000} s`,
    hint: "look at its log; kill -9 loses nothing",
  });
};

// Where a lane can be probed: its instances as the keeper has them, and the listener of its route
// as the router has it.

import { z } from "zod";
import { laneName } from "../../core/lane.ts";
import type { LaneKey, SlotName } from "../../core/lane.ts";
import type { Layout } from "../../layout/layout.ts";
import { keeperClient } from "./client.ts";
import { routerSocket } from "./paths.ts";
import { askUnix } from "./unix-http.ts";

export interface InstancePlace {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** Both reject where keeper or router could not be asked. */
export interface ProcessPlaces {
  /** Instances of the slot, ready or not, without those on their way out. */
  instances(lane: LaneKey, slot: SlotName, signal: AbortSignal): Promise<readonly InstancePlace[]>;
  /** `host:port`; null: the lane has no route. */
  listen(lane: LaneKey, signal: AbortSignal): Promise<string | null>;
}

const routeSchema = z.object({ listen: z.string().nullable() });

export const processPlaces = (layout: Layout): ProcessPlaces => {
  const keeper = keeperClient(layout);
  return {
    instances: async (lane, slot, signal) =>
      (await keeper.instances(lane, signal))
        .filter((each) => each.slot === slot)
        .filter(({ phase }) => phase !== "draining" && phase !== "stopping")
        .map(({ id, host, port }) => ({ id, host, port })),
    listen: async (lane, signal) => {
      const path = `/routes/${encodeURIComponent(laneName(lane))}`;
      const answer = await askUnix({ socket: routerSocket(layout), method: "GET", path, signal });
      if (answer.status === 404) return null;
      return routeSchema.parse(JSON.parse(answer.text)).listen;
    },
  };
};

// Where the keeper's things lie below its part of the layout.

import { join } from "node:path";
import type { SlotName } from "../../core/lane.ts";
import type { Layout } from "../../layout/layout.ts";

export const keeperSocket = (layout: Layout): string => join(layout.sockets, "keeper.sock");
export const routerSocket = (layout: Layout): string => join(layout.sockets, "router.sock");
/** What the keeper itself says. */
export const keeperLog = (layout: Layout): string => join(layout.keeper, "keeper.log");
export const routerLog = (layout: Layout): string => join(layout.keeper, "router.log");
/** Pid and start time of the router process. */
export const routerRecord = (layout: Layout): string => join(layout.keeper, "router.json");
/** Node's, for keeper and router. */
export const compileCache = (layout: Layout): string => join(layout.keeper, "compile-cache");
/** One file an order, named by its lane. */
export const ordersFolder = (layout: Layout): string => join(layout.keeper, "lanes");
/** One file an instance, named by its id. */
export const instancesFolder = (layout: Layout): string => join(layout.keeper, "instances");
/** Configuration files: one folder an instance, named by its id. */
export const configurationFolder = (layout: Layout): string => join(layout.keeper, "config");
/** Unpacked artifacts: lane, then release. */
export const releasesFolder = (layout: Layout): string => join(layout.keeper, "releases");
export const laneLogs = (layout: Layout, lane: string): string => join(layout.keeper, "logs", lane);
export const instanceLog = (layout: Layout, lane: string, slot: SlotName, id: string): string =>
  join(laneLogs(layout, lane), `${slot}-${id}.log`);

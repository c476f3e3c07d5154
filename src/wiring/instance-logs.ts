// The keeper's merged log lines, taken apart by instance for the API.

import type { InstanceLog } from "../api/contract/logs.ts";
import type { LaneKey, SlotName } from "../core/lane.ts";
import { keeperClient } from "../drivers/process/client.ts";
import type { Layout } from "../layout/layout.ts";

const DEADLINE_MS = 5_000;
const SEPARATOR = " | ";

export const instanceLogs = (layout: Layout) => {
  const keeper = keeperClient(layout);
  return async (
    lane: LaneKey,
    slot: SlotName | null,
    tail: number,
  ): Promise<readonly InstanceLog[]> => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const [instances, text] = await Promise.all([
      keeper.instances(lane, signal),
      keeper.logs(lane, slot === null ? { tail } : { tail, slot }, signal),
    ]);
    const known = new Map(instances.map((one) => [one.id, one]));
    const lines = Map.groupBy(
      text.split("\n").filter((line) => line.includes(SEPARATOR)),
      (line) => line.slice(0, line.indexOf(SEPARATOR)).trim(),
    );
    return [...lines].map(([instance, own]) => ({
      instance,
      slot: known.get(instance)?.slot ?? slot ?? "blue",
      release: known.get(instance)?.release ?? "gone",
      lines: own.map((line) => line.slice(line.indexOf(SEPARATOR) + SEPARATOR.length)),
    }));
  };
};

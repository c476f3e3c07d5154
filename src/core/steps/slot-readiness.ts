// Reading a slot: how many instances of a release are ready, and whether the slot carries it whole.

import type { ReleaseId } from "../ids.ts";
import type { LaneKey } from "../lane.ts";
import type { SlotState } from "../snapshot.ts";

export const readyOf = (slot: SlotState, release: ReleaseId): number =>
  slot.instances.filter((i) => i.release === release && i.phase === "ready").length;

/** Instances of anything else that could still answer a request. */
export const strangersIn = (slot: SlotState, release: ReleaseId): number =>
  slot.instances.filter((i) => i.release !== release && i.phase === "ready").length;

/** The order stands: this release alone, with at least that many instances. */
export const ordered = (slot: SlotState, release: ReleaseId, instances: number): boolean =>
  slot.wanted.length === 1 &&
  slot.wanted[0]?.release === release &&
  slot.wanted[0].instances >= instances;

/** `2 ready, 1 backoff: it ended, exit code 1; see sluice logs hello production`, for people. */
export const phasesText = (slot: SlotState, release: ReleaseId, lane: LaneKey): string => {
  const trouble = slot.instances.find((i) => i.release === release && i.trouble !== undefined);
  if (trouble === undefined) return counts(slot);
  const logs = `sluice logs ${lane.service} ${lane.environment}`;
  return `${counts(slot)}: ${trouble.trouble}; see ${logs}`;
};

const counts = (slot: SlotState): string => {
  const phases = new Map<string, number>();
  for (const { phase } of slot.instances) phases.set(phase, (phases.get(phase) ?? 0) + 1);
  if (phases.size === 0) return "no instances";
  return [...phases].map(([phase, count]) => `${count} ${phase}`).join(", ");
};

// Arithmetic on what a way back promises: probes, steps that are taken back, and shares that take
// longer than `rollback.within` has for their tier.

import { restoringOf } from "../core/backup/backup-step.ts";
import type { DurationMs } from "../core/ids.ts";
import type { DeployItem, Playbook, VerifyPolicy } from "../core/playbook.ts";
import { promisedMs } from "../core/promised-time.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { RollbackTier, Undo } from "../core/step.ts";
import { formatDuration } from "../core/units.ts";
import { itemsOf, strategyOf, timeText } from "./playbook-items.ts";

const TIERS: readonly RollbackTier[] = ["immediate", "gradual", "full"];

export const overWayBack = (playbook: Playbook): readonly RefusalBody[] => [
  ...probesOverRollback(playbook),
  ...promisedTiers(playbook).flatMap((tier) => undosOverRollback(playbook, tier)),
  ...bakesOverRollback(playbook),
];

/** Where one time holds for all, it is that of the way that a run takes by itself. */
const promisedTiers = ({ rollback }: Playbook): readonly RollbackTier[] =>
  rollback.tierWithinMs === undefined ? [rollback.tier] : TIERS;

/** As it is written: `rollback.within`, or `rollback.within.gradual`. */
const keyOf = ({ rollback }: Playbook, tier: RollbackTier): string =>
  rollback.tierWithinMs === undefined ? "rollback.within" : `rollback.within.${tier}`;

const isText = (playbook: Playbook, tier: RollbackTier): string =>
  `${keyOf(playbook, tier)} is ${timeText(promisedMs(playbook.rollback, tier))}`;

/** What a release must answer before it gets traffic, it must answer on the way back too. */
const probesOverRollback = (playbook: Playbook): readonly RefusalBody[] => {
  const verify = strategyOf(playbook)?.verify ?? null;
  const [tier = "immediate"] = promisedTiers(playbook);
  if (verify === null || longest(verify) < promisedMs(playbook.rollback, tier)) return [];
  const { attempts, intervalMs } = verify;
  const probes = `${attempts} x ${formatDuration(intervalMs)}`;
  const message =
    `verifying a release may take ${timeText(longest(verify))} (${probes}), ` +
    isText(playbook, tier);
  const where = `playbook ${playbook.name} ${keyOf(playbook, tier)}`;
  const hint = "ask fewer times or more often, or raise rollback.within";
  return [{ code: "verify-over-rollback", message, where, hint }];
};

const longest = ({ initialWaitMs, attempts, intervalMs, timeoutMs }: VerifyPolicy): DurationMs =>
  initialWaitMs + (attempts - 1) * intervalMs + attempts * timeoutMs;

/** Of those that a rollback of this tier carries out. */
const undosOverRollback = (playbook: Playbook, tier: RollbackTier): readonly RefusalBody[] => {
  const undos = itemsOf(playbook).flatMap(undoOf);
  const included = undos.filter((undo) => TIERS.indexOf(undo.tier) <= TIERS.indexOf(tier));
  const total = included.reduce((sum, { deadlineMs }) => sum + deadlineMs, 0);
  if (total <= promisedMs(playbook.rollback, tier)) return [];
  const message = `taking back its steps may take ${timeText(total)}, ${isText(playbook, tier)}`;
  const where = `playbook ${playbook.name} ${keyOf(playbook, tier)}`;
  const hint = "shorten the undos' within, or raise rollback.within";
  return [{ code: "undo-over-rollback", message, where, hint }];
};

const undoOf = (item: DeployItem): readonly Pick<Undo, "tier" | "deadlineMs">[] => {
  if (item.kind === "task") return item.undo === null ? [] : [item.undo];
  return item.kind === "backup" ? restoringOf(item) : [];
};

/** Shares that do not fit are passed over, so that whoever wrote them waits for them in vain. */
const bakesOverRollback = (playbook: Playbook): readonly RefusalBody[] => {
  const { traffic } = playbook.rollback;
  const tier = playbook.rollback.tierWithinMs === undefined ? playbook.rollback.tier : "gradual";
  const room = promisedMs(playbook.rollback, tier) * ROOM;
  const total = (traffic?.shares.length ?? 0) * (traffic?.bakeMs ?? 0);
  if (total <= room) return [];
  const message =
    `the shares of the way back add up to ${timeText(total)}, ` +
    `nine tenths of ${keyOf(playbook, tier)} are ${timeText(room)}`;
  const where = `playbook ${playbook.name} rollback.traffic`;
  const hint = "what does not fit goes back at once: shorten rollback.bake, or raise within";
  return [{ code: "traffic-over-rollback", message, where, hint }];
};

/** The last tenth is kept for the last of the traffic. */
const ROOM = 0.9;

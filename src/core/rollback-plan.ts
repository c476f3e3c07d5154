// Two ways back. backSteps: from a run as it stands to the release that is stable. rollbackPlan: to
// any release that was good here once, as a run of its own. Both bring capacity before traffic, and
// traffic before anything is taken back.

import { seal } from "./compile.ts";
import type { LeftStep, PlanBody, Plan, Release } from "./plan.ts";
import { versionOf } from "./ids.ts";
import type { Permille, ReleaseId, RunId } from "./ids.ts";
import type { Lane, LaneKey } from "./lane.ts";
import { laneName } from "./lane.ts";
import { rollbackCommand } from "./left-undone.ts";
import { Refusal } from "./refusal.ts";
import { backShareSteps, rollbackShareSteps } from "./return-shares.ts";
import type { Run } from "./run.ts";
import type { Runtime } from "./runtime.ts";
import type { RollbackTier, Step, TaskStep, TrainStep } from "./step.ts";
import { judgeable, verifyStep } from "./strategies/strategy-steps.ts";
import type { Role } from "./task-spec.ts";
import type { Condition } from "./threshold.ts";
import { isWithin, undoStepsOfRollback, undoableOfSuccess } from "./undo.ts";
import type { ProofsOf } from "./undo.ts";

type Asked = Pick<TrainStep, "tier" | "anyway"> & {
  /** That the traffic returns by, falling; none: all of it at once. */
  readonly shares: readonly Permille[];
};

/** Traffic, then the undos, then a look at what serves again, then the end of the failed slot. No
 * undo comes before the traffic, of whatever tier: the new release serves until then, and lives on
 * what it would take away. Where nothing good is there to return to, only the candidate goes. */
export const backSteps = (
  run: Run,
  lane: Lane,
  undos: readonly TaskStep[],
  asked: Asked,
): readonly Step[] => {
  const { plan, slots } = run;
  const train = plan.steps.find((step) => step.kind === "train");
  if (train !== undefined) return [trainBack(train, asked)];
  if (slots === null) return [];
  const forensics: Step = {
    kind: "retire",
    id: "back-retire",
    title: `keep the failed slot of ${versionOf(plan.release.id)}, then take it down`,
    role: "candidate",
    // What never was ordered leaves nothing to look at.
    afterMs: run.touchedAt === null ? 0 : plan.rollback.keepFailedMs,
  };
  const shift: Step = {
    kind: "shift",
    id: "back-shift",
    title: "no traffic to the candidate",
    candidate: 0,
    withinMs: plan.shiftWithinMs,
  };
  if (lane.stable === null) return [shift, ...undos, { ...forensics, afterMs: 0 }];
  const { release } = lane.stable;
  if (slots.stable === slots.candidate) {
    return [replaceBack(run, lane), ...undos, ...verifyBack("stable", "back-verify", plan)];
  }
  return [
    {
      kind: "prepare",
      id: "back-prepare",
      title: `full capacity for ${versionOf(release)}`,
      role: "stable",
      release,
      instances: Math.max(lane.stable.instances, 1),
      withinMs: plan.readyWithinMs,
    },
    ...backShareSteps(asked.shares, plan),
    { ...shift, title: `all traffic back to ${versionOf(release)}` },
    ...undos,
    ...verifyBack("stable", "back-verify", plan),
    forensics,
  ];
};

/** When the outcome is certain: it tells whether what serves again does so well. */
const verifyBack = (role: Role, id: string, { rollback }: PlanBody): readonly Step[] =>
  rollback.verify === undefined ? [] : [verifyStep(id, role, rollback.verify)];

const trainBack = (step: TrainStep, { tier, anyway }: Asked): Step => ({
  ...step,
  tier,
  anyway,
  id: "back-train",
  title: `all members back: ${step.title}`,
  way: "back",
});

/** In place there is no other slot: the old release comes back the way the new one came. */
const replaceBack = (run: Run, lane: Lane): Step => {
  const forward = run.plan.steps.find((step) => step.kind === "replace");
  const release = lane.stable?.release ?? run.plan.release.id;
  const instances = lane.stable?.instances ?? run.plan.instances;
  return {
    kind: "replace",
    id: "back-replace",
    title: `replace all instances by ${versionOf(release)}`,
    release,
    instances,
    maxSurge: forward?.maxSurge ?? 1,
    maxUnavailable: Math.min(forward?.maxUnavailable ?? 0, instances),
    withinMs: run.plan.readyWithinMs,
  };
};

export interface RollbackPlanInput {
  /** The plan by which the present stable release came: its route, analysis and limits go on. */
  readonly current: PlanBody;
  readonly to: { readonly release: Release; readonly runtime: Runtime };
  readonly from: { readonly release: Release; readonly runtime: Runtime };
  readonly keepFailedMs: number;
  /** How much is taken back along with the traffic; `immediate` where nothing is said. */
  readonly tier?: RollbackTier;
  /** What succeeded here since `to` last did and has not been gone back from, newest first. */
  readonly between?: readonly Run[];
  /** What their backups became; without it, none is known. */
  readonly proofs?: ProofsOf;
  /** Points of no return among them. */
  readonly crossed?: readonly Crossed[];
  /** All traffic in one go, whatever its tier has. */
  readonly atOnce?: boolean;
}

interface Crossed {
  readonly run: RunId;
  readonly step: string;
}

/** No gates, no approvals, no triggers: rollback is always allowed, and what it goes to was good.
 * Throws a Refusal `point-of-no-return` where what was taken away since can only be restored, and
 * `full` was not said. */
export const rollbackPlan = (input: RollbackPlanInput): Plan => {
  const { current, to, from, tier = "immediate", between = [], crossed = [] } = input;
  const proofs = input.proofs ?? (() => null);
  const { traffic } = current.rollback;
  if (crossed[0] !== undefined && tier !== "full") {
    throw pointOfNoReturn(current, to.release.id, crossed[0]);
  }
  const atOnce = input.atOnce === true;
  const shares = tier === "gradual" && !atOnce ? traffic?.shares : undefined;
  const body = { ...planBody(current), release: to.release, from: from.release };
  const steps: readonly Step[] = [
    {
      kind: "prepare",
      id: "prepare",
      title: `full capacity for ${versionOf(to.release.id)}`,
      role: "candidate",
      release: to.release.id,
      instances: current.instances,
      withinMs: current.readyWithinMs,
    },
    ...rollbackShareSteps(shares ?? [], body),
    {
      kind: "shift",
      id: "shift-100",
      title: `all traffic to ${versionOf(to.release.id)}`,
      candidate: 1000,
      withinMs: current.shiftWithinMs,
    },
    ...undoSteps(between, tier, proofs),
    ...verifyBack("candidate", "verify", current),
    {
      kind: "retire",
      id: "retire",
      title: `keep the slot of ${versionOf(from.release.id)}, then take it down`,
      role: "stable",
      afterMs: input.keepFailedMs,
    },
  ];
  return seal({
    ...body,
    runtime: to.runtime,
    fromRuntime: from.runtime,
    strategy: "rollback",
    steps,
    triggers: [],
    // By what it was released with; nothing is stable beside it that it could be compared to.
    ...(traffic === undefined ? {} : { leaving: judgedBy(current) }),
    // How far and how was asked for: kept for who plans it anew, should the stable release change
    // before it begins.
    rollback: { ...current.rollback, tier },
    ...(atOnce ? { atOnce } : {}),
    // No freeze holds a rollback, and none sends it back.
    onFreeze: "finish",
    calendars: [],
    onNewer: "queue",
    promotesTo: [],
    ...leftBy(between, tier),
  });
};

/** What is of a further tier, the first thing done first. */
const leftBy = (between: readonly Run[], tier: RollbackTier): Pick<PlanBody, "leaves"> => {
  const leaves: readonly LeftStep[] = between.toReversed().flatMap(({ plan }) =>
    undoableOfSuccess(plan)
      .filter(({ undo }) => !isWithin(undo.tier, tier))
      .map(({ id }) => ({ step: id, release: plan.release.id })),
  );
  return leaves.length === 0 ? {} : { leaves };
};

/** A rollback has no triggers of its own, and hands on those of what it went back from. */
const judgedBy = ({ triggers, leaving }: PlanBody): readonly Condition[] =>
  judgeable(leaving ?? triggers, true);

/** `to` null: there is nothing known to go back to. */
export const pointOfNoReturn = (
  lane: LaneKey,
  to: ReleaseId | null,
  { run, step }: Crossed,
): Refusal =>
  new Refusal({
    code: "point-of-no-return",
    message: `${run} began ${step}, behind which there is no way back without loss`,
    where: laneName(lane),
    hint: `${rollbackCommand(lane, to, "full")} goes back all the same, and restores what it can`,
  });

/** Of all the runs, the last thing done first. */
const undoSteps = (
  between: readonly Run[],
  tier: RollbackTier,
  proofs: ProofsOf,
): readonly TaskStep[] =>
  undoStepsOfRollback(
    between.flatMap(({ id, plan }) =>
      undoableOfSuccess(plan)
        .filter(({ undo }) => isWithin(undo.tier, tier))
        .map((step) => [id, step] as const)
        .toReversed(),
    ),
    proofs,
  );

/** A plan without its hash: a body that is about to become another plan. What follows a success
 * belongs to whoever brought it, and was opened then. */
const planBody = (plan: PlanBody & { readonly hash?: unknown }): PlanBody => {
  const { hash: _, leaves: __, atOnce: ___, followUps: ____, ...body } = plan;
  return body;
};

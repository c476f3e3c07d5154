// How far each member of a train has come, forward or back: read from its lane and its runs alone,
// so that whatever happened meanwhile, and whoever did it, counts as it is.

import type { EffectRecord, OnceEffect } from "../effect.ts";
import type { ReleaseId, RunId, ServiceName } from "../ids.ts";
import type { Snapshot } from "../snapshot.ts";
import type { TrainMember, TrainStep } from "../step.ts";
import type { MemberRun, MemberSight, TrainWay } from "./train.ts";

/** Where members can be seen. */
export type MemberLook = Pick<Snapshot, "effects" | "members">;

export type Forward =
  | { readonly kind: "waiting" }
  /** Its run was ordered and is not there yet. */
  | { readonly kind: "ordered" }
  | { readonly kind: "underWay"; readonly run: MemberRun }
  /** Its release is stable, by the train or from before. */
  | { readonly kind: "good"; readonly by: RunId | null }
  | { readonly kind: "lost"; readonly why: string };

export const forwardOf = (member: TrainMember, snapshot: MemberLook): Forward => {
  const sight = sightOf(member, snapshot);
  const run = sight?.runs.findLast(({ way }) => way === "forward");
  const isStable = sight?.stable === member.release;
  if (run === undefined) {
    if (isStable && sight.idle) return { kind: "good", by: null };
    return orderedOr(member, "forward", snapshot, { kind: "waiting" });
  }
  if (run.settled === null) return { kind: "underWay", run };
  if (isStable) return { kind: "good", by: run.run };
  const why = run.why ?? `${member.release} is not what is stable there`;
  return { kind: "lost", why: `${run.run} ended as ${run.settled}: ${why}` };
};

export type Back =
  /** Nothing of the train is there any more, or never was. */
  | { readonly kind: "clear" }
  /** As `clear`, but for want of anything to go back to the release stays. */
  | { readonly kind: "stays" }
  | { readonly kind: "ordered" }
  | { readonly kind: "underWay"; readonly run: MemberRun }
  /** It has settled well and is to be taken back. */
  | { readonly kind: "good"; readonly to: ReleaseId }
  /** Only a person can take it back. */
  | { readonly kind: "lost"; readonly why: string };

export const backOf = (member: TrainMember, snapshot: MemberLook): Back => {
  const sight = sightOf(member, snapshot);
  const run = sight?.runs.findLast(({ way }) => way === "forward");
  if (run === undefined) {
    // What was ordered before the turn may still begin, and turns round when it does.
    const open = recordsOf(member, "forward", snapshot).some(({ outcome }) => outcome === null);
    return { kind: open ? "ordered" : "clear" };
  }
  if (run.settled === null) return { kind: "underWay", run };
  if (run.settled !== "succeeded" || sight?.stable !== member.release) return { kind: "clear" };
  if (run.from === null) return { kind: "stays" };
  const way = sight.runs.findLast((other) => other.way === "back");
  if (way === undefined) {
    return orderedOr(member, "back", snapshot, { kind: "good", to: run.from });
  }
  if (way.settled === null) return { kind: "underWay", run: way };
  return { kind: "lost", why: `${way.run} ended as ${way.settled}` };
};

const sightOf = ({ service }: TrainMember, { members = [] }: MemberLook): MemberSight | undefined =>
  members.find((one) => one.service === service);

/** Refused once is refused: nothing about the order would be different a second time. Of any other
 * outcome nobody knows, and the same order under the same name does no harm. */
const orderedOr = <T>(
  member: TrainMember,
  way: TrainWay,
  snapshot: MemberLook,
  otherwise: T,
): T | { readonly kind: "ordered" } | { readonly kind: "lost"; readonly why: string } => {
  const records = recordsOf(member, way, snapshot);
  const { outcome } = records.at(-1) ?? { outcome: undefined };
  if (outcome === undefined) return otherwise;
  if (outcome === null) return { kind: "ordered" };
  if (outcome.kind === "refused") return { kind: "lost", why: `${outcome.code}: ${outcome.why}` };
  return otherwise;
};

const recordsOf = (
  { service }: TrainMember,
  way: TrainWay,
  { effects }: MemberLook,
): readonly EffectRecord[] =>
  effects.filter(
    ({ effect: { body } }) =>
      body.kind === "member" && body.service === service && body.way === way,
  );

/** Members that have this one among those they go after: all of them go back before it. */
export const dependentsOf = (step: TrainStep, service: ServiceName): readonly TrainMember[] =>
  step.members.filter(({ after }) => after.includes(service));

export const memberEffect = (
  step: TrainStep,
  { service, release }: TrainMember,
  to: ReleaseId | null,
): OnceEffect => ({
  kind: "member",
  way: step.way,
  service,
  release,
  to,
  tier: step.tier,
  anyway: step.anyway,
});

// Planted bugs of trains: what a store could show a train and its members that is not so.

import type { MemberSight } from "../core/train/train.ts";
import type { StoredPass } from "../ports/store.ts";
import { misread, type Change } from "./misread.ts";

const membersAs = (change: (member: MemberSight, stored: StoredPass) => MemberSight): Change =>
  misread((stored) =>
    stored.members === undefined
      ? stored
      : { ...stored, members: stored.members.map((member) => change(member, stored)) },
  );

/** Who has begun counts as settled well. */
export const begunIsSettled: Change = membersAs((member, { run }) => {
  const step = run.plan.steps.find(({ kind }) => kind === "train");
  const wanted =
    step?.kind === "train"
      ? step.members.find(({ service }) => service === member.service)
      : undefined;
  if (wanted === undefined || member.runs.length === 0) return member;
  const runs = member.runs.map((one) => ({
    ...one,
    settled: one.settled ?? ("succeeded" as const),
  }));
  return { ...member, stable: wanted.release, runs };
});

/** On its way back a train sees nobody whom it brought. */
export const membersForgotten: Change = membersAs((member, { run }) =>
  run.state.kind === "back" ? { ...member, runs: [] } : member,
);

/** Members do not know that they are on a train. */
export const trainNotSeen: Change = misread((stored) => {
  const { train: _, ...rest } = stored;
  return rest;
});

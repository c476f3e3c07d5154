// The members of a train as people see them.

import { assertNever } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { TrainMember } from "../core/step.ts";
import { takesTrainBack } from "../core/train/train-back.ts";
import { backOf, forwardOf } from "../core/train/progress.ts";
import type { Back, Forward, MemberLook } from "../core/train/progress.ts";
import type { MemberState, MemberView } from "./contract/trains.ts";

/** In the order of their going; none where the run is no train's. */
export const memberViews = (run: Run, look: MemberLook): readonly MemberView[] =>
  run.plan.steps.flatMap((step) =>
    step.kind === "train" ? step.members.map((member) => viewOf(run, member, look)) : [],
  );

const viewOf = (run: Run, member: TrainMember, look: MemberLook): MemberView => {
  const { service, release, after } = member;
  const sight = look.members?.find((one) => one.service === service);
  const last = sight?.runs.at(-1)?.run ?? null;
  const isBack =
    takesTrainBack(run.plan) ||
    run.state.kind === "back" ||
    (run.state.kind === "ended" && run.state.outcome !== "succeeded");
  const [state, note] = isBack
    ? backState(backOf(member, look))
    : forwardState(forwardOf(member, look), run);
  return { service, release, after, state, run: last, note };
};

type Told = readonly [MemberState, string | null];

const forwardState = (stand: Forward, { settled }: Run): Told => {
  switch (stand.kind) {
    case "waiting":
    case "ordered":
      return ["waiting", null];
    case "underWay":
      return ["underWay", null];
    case "good":
      return ["settled", stand.by === null ? "it was there before" : null];
    case "lost":
      // Whatever became of it since, it arrived with the train.
      return settled?.outcome === "succeeded" ? ["settled", null] : ["lost", stand.why];
    default:
      return assertNever(stand);
  }
};

const backState = (stand: Back): Told => {
  switch (stand.kind) {
    case "clear":
      return ["left", null];
    case "stays":
      return ["stays", "nothing was there before it"];
    case "ordered":
      return ["goingBack", null];
    case "underWay":
      return ["goingBack", stand.run.noReturn === null ? null : `behind ${stand.run.noReturn}`];
    case "good":
      return ["settled", `goes back to ${stand.to}`];
    case "lost":
      return ["lost", stand.why];
    default:
      return assertNever(stand);
  }
};

// What a train's run and its members' runs do for each other's sake: when a member turns its train
// round, and when a train turns its members round.

import { end, happen, change } from "../draft.ts";
import type { Draft } from "../draft.ts";
import { goBack } from "../go-back.ts";
import type { Reason } from "../reason.ts";
import type { Run } from "../run.ts";
import type { TrainStep } from "../step.ts";
import { reason } from "../steps/step-result.ts";
import { forwardOf } from "./progress.ts";

/** Its members, from the moment when they may begin; null: it is no train, or not so far. */
const stepUnderWay = ({ plan, state }: Run): TrainStep | null => {
  if (state.kind !== "forward") return null;
  const index = plan.steps.findIndex(({ kind }) => kind === "train");
  const step = plan.steps[index];
  if (step?.kind !== "train" || step.way === "back") return null;
  return state.step >= index ? step : null;
};

/** A member that is lost takes the others with it, also while the train is held or waits at a gate
 * behind them. */
export const lostMember = ({
  run,
  snapshot,
}: Draft): { readonly trigger: string; readonly reasons: readonly Reason[] } | null => {
  for (const member of stepUnderWay(run)?.members ?? []) {
    const stand = forwardOf(member, snapshot);
    if (stand.kind !== "lost") continue;
    const text = `${member.release} did not settle well: ${stand.why}`;
    return { trigger: `${member.service} is lost`, reasons: [reason("member-lost", text)] };
  }
  return null;
};

/** Behind a member's point of no return the train has none either. */
export const crossMembers = (draft: Draft): Draft => {
  const { run, snapshot } = draft;
  if (run.noReturn !== null || stepUnderWay(run) === null) return draft;
  const crossed = snapshot.members?.flatMap(({ service, runs }) =>
    runs.flatMap(({ noReturn, settled }) =>
      noReturn !== null && (settled === null || settled === "succeeded")
        ? [`${service}/${noReturn}`]
        : [],
    ),
  );
  const first = crossed?.[0];
  return first === undefined ? draft : change(draft, { noReturn: first });
};

/** Its train goes back without it: it must not go on, whatever it has reached. Null: it may. */
export const turnWithTrain = (draft: Draft): Draft | null => {
  const { run, snapshot, now } = draft;
  const { train } = snapshot;
  if (train?.way !== "back" || run.origin.kind === "rollback" || run.settled !== null) return null;
  const trigger = `its train ${train.run} goes back`;
  const reasons = [reason("train-back", trigger)];
  if (run.state.kind !== "queued") return goBack(draft, "aborted", trigger, reasons, train);
  const settled = { outcome: "aborted" as const, at: now };
  return end(happen(change(draft, { settled }), "run.settled", reasons), "aborted");
};

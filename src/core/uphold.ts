// What was reached stays reached: weights that somebody or something changed behind our back are
// set again before anything else moves.

import { say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { later } from "./ids.ts";
import type { Permille } from "./ids.ts";
import { moving, stepsOf } from "./moving.ts";
import { order } from "./order.ts";
import { lacksCapacity, sameWeights, weightsFor } from "./steps/shift.ts";
import { POLL_MS, reason } from "./steps/step-result.ts";
import { isPassedOver } from "./steps/way-back.ts";

export type Upheld =
  | { readonly kind: "upheld"; readonly draft: Draft }
  | { readonly kind: "restoring"; readonly draft: Draft };

/** Acts only where a shift was read back before and the present step is not itself a shift; and
 * before the candidate's slot is filled anew, should it have traffic that nobody gave it. */
export const uphold = (draft: Draft): Upheld => {
  const { run, snapshot, now } = draft;
  const share = reachedShare(draft);
  if (share === null || snapshot.router.kind === "unseen") return { kind: "upheld", draft };
  const wanted = weightsFor(run, share.candidate);
  const { weights, generation } = snapshot.router.value;
  const arrived = !share.readBack || generation >= run.ordered.router;
  if (sameWeights(weights, wanted) && arrived) return { kind: "upheld", draft };
  const found = `blue ${weights.blue / 10} % and green ${weights.green / 10} %`;
  const text = `the router has ${found}, not what was set`;
  const reasons = [reason("weights-drifted", text)];
  const lacking = lacksCapacity(snapshot, wanted);
  if (lacking !== null) {
    const waiting = say(draft, ...reasons, reason("no-capacity", lacking));
    return { kind: "restoring", draft: wake(waiting, later(now, POLL_MS)) };
  }
  const effects = [{ kind: "route" as const, weights: wanted, route: run.plan.route }];
  const told = say(draft, ...reasons);
  const acted = order(told, { effects, reasons, event: "weights.restored", step: null });
  return { kind: "restoring", draft: acted };
};

interface ReachedShare {
  readonly candidate: Permille;
  /** True: this run set it itself. False: it is how things must have been when it began. */
  readonly readBack: boolean;
}

/** Null: nothing to uphold just now. */
const reachedShare = (draft: Draft): ReachedShare | null => {
  const { run } = draft;
  const { step, kind } = moving(draft);
  const steps = stepsOf(run);
  const at = steps[step];
  const present = at?.kind;
  if (present === "shift") return null;
  // A share that is passed over is nothing to return to.
  if (at !== undefined && isPassedOver(run, at)) return null;
  const last = steps.slice(0, step).findLast((one) => one.kind === "shift");
  if (last !== undefined) return { candidate: last.candidate, readBack: true };
  const stable = run.slots?.stable ?? null;
  const apart = stable !== null && stable !== run.slots?.candidate;
  return kind === "forward" && present === "prepare" && apart
    ? { candidate: 0, readBack: false }
    : null;
};

// The one decision: from a run and one look at the world to what shall be so next. Pure: the same
// input gives the same decision, on any replica, in the simulator, a year later.

import { back } from "./back.ts";
import type { Decision } from "./decision.ts";
import { draftOf } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { forward } from "./forward.ts";
import { hear } from "./hear.ts";
import type { Instant } from "./ids.ts";
import { assertNever } from "./ids.ts";
import { rollbackInTime } from "./promised-time.ts";
import type { Run, RunState } from "./run.ts";
import type { Snapshot } from "./snapshot.ts";
import { takeLane } from "./take-lane.ts";
import { captureBaseline } from "./watch.ts";

/** Ended runs decide nothing. Throws only where an invariant is broken. */
export const decide = (run: Run, snapshot: Snapshot, now: Instant): Decision =>
  toDecision(rollbackInTime(move(captureBaseline(hear(draftOf(run, snapshot, now))))));

/** What changes the direction goes on in the new one at once: a way back must not wait. */
const move = (draft: Draft): Draft => {
  const { state } = draft.run;
  switch (state.kind) {
    case "queued":
      return goOn(state.kind, takeLane(draft));
    case "forward":
      return goOn(state.kind, forward(draft));
    case "back":
      return back(draft);
    case "ended":
      return draft;
    default:
      return assertNever(state);
  }
};

const goOn = (before: RunState["kind"], draft: Draft): Draft =>
  draft.run.state.kind === before ? draft : move(draft);

/** The generation that effects decided now will carry: above all that was ever used or seen here.
 * */
export const nextGeneration = (run: Run, snapshot: Snapshot): number =>
  Math.max(run.generation, snapshot.lane.generation, observedGeneration(snapshot)) + 1;

/** The highest generation that target and router show; 0 where nothing was seen. */
export const observedGeneration = ({ target, router }: Snapshot): number =>
  Math.max(
    target.kind === "seen" ? target.value.generation : 0,
    router.kind === "seen" ? router.value.generation : 0,
  );

const toDecision = (draft: Draft): Decision => {
  const { snapshot, effects, events, lane } = draft;
  const generation = nextGeneration(draft.run, snapshot);
  const ordered = {
    target: effects.some((e) => e.kind === "apply") ? generation : draft.run.ordered.target,
    router: effects.some((e) => e.kind === "route") ? generation : draft.run.ordered.router,
  };
  return {
    run: { ...draft.run, ordered, because: draft.reasons },
    lane,
    effects,
    events,
    wakeAt: draft.run.state.kind === "ended" ? null : draft.wakeAt,
  };
};

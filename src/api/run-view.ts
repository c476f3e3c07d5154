// The whole picture of one run for a person, projected from what is stored. Pure: the same run and
// events give the same view, so a stream need only tell changes.

import type { Instant } from "../core/ids.ts";
import { approvalsOf } from "./approvals.ts";
import { asksOf } from "./asks.ts";
import type { Ask } from "./contract/asks.ts";
import type { Behind, RunView } from "./contract/runs.ts";
import { gateViews } from "./gate-views.ts";
import type { Judged } from "./gate-views.ts";
import { gaugesOf } from "./gauges.ts";
import type { StoredEvent } from "../ports/catalog.ts";
import { followUpsOf } from "../core/follow-ups.ts";
import { leftBehind } from "../core/left-undone.ts";
import { isAtEntry } from "../core/make-way.ts";
import type { Reason } from "../core/reason.ts";
import type { Run } from "../core/run.ts";
import { toBeginAgain } from "../core/word-again.ts";
import { memberViews } from "./member-views.ts";
import { runBrief } from "./run-brief.ts";
import { stepViews } from "./step-views.ts";

export interface RunViewInput {
  readonly judged: Judged;
  /** Of this run, oldest first. */
  readonly events: readonly StoredEvent[];
  readonly nextLookAt: Instant | null;
  /** The lane's active run where this one is queued; null: it is not, or the lane is free. */
  readonly active: Run | null;
  readonly now: Instant;
}

export const runView = (input: RunViewInput): RunView => {
  const { judged, events, now } = input;
  const { run, facts } = judged;
  const gates = gateViews(judged, now);
  return {
    ...runBrief(run),
    behind: input.active === null ? null : behindOf(input.active),
    playbook: run.plan.playbook,
    strategy: run.plan.strategy,
    planHash: run.plan.hash,
    ...stepViews(run, events),
    backTo: run.state.kind === "back" ? run.state.target : null,
    gauges: gaugesOf(run),
    because: [...run.because, ...changedUnder(run, events)],
    gates,
    members: memberViews(run, judged),
    noReturn: run.noReturn,
    asks: [...againOf(judged), ...asksOf(run, gates, followUpsOf(judged, now))],
    approvals: approvalsOf(facts),
    breach: run.breach,
    left: leftBehind(run, judged),
    endedAt: run.state.kind === "ended" ? run.state.at : null,
    nextLookAt: run.state.kind === "ended" ? null : input.nextLookAt,
  };
};

const againOf = (judged: Judged): readonly Ask[] => {
  const step = toBeginAgain(judged.run, judged);
  return step === null ? [] : [{ kind: "again", step: step.id }];
};

/** A run that was planned anew does something else than was shown when it was asked for: that is
 * told until its end. */
const changedUnder = ({ because }: Run, events: readonly StoredEvent[]): readonly Reason[] =>
  events
    .filter(({ type }) => type === "run.replanned")
    .flatMap(({ reasons }) => reasons)
    .filter(({ text }) => !because.some((other) => other.text === text));

const behindOf = (active: Run): Behind => ({
  ...runBrief(active),
  begun: !isAtEntry(active),
  noReturn: active.noReturn,
});

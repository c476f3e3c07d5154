// The whole picture of one run for a person, projected from what is stored. Pure: the same run and
// events give the same view, so a stream need only tell changes.

import type { Fact } from "../core/fact.ts";
import type { Instant } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import { approvalsOf } from "./approvals.ts";
import { asksOf } from "./asks.ts";
import type { RunView } from "./contract.ts";
import { gaugesOf } from "./gauges.ts";
import type { StoredEvent } from "../ports/catalog.ts";
import { runBrief } from "./run-brief.ts";
import { stepViews } from "./step-views.ts";

export interface RunViewInput {
  readonly run: Run;
  /** Of this run, oldest first. */
  readonly events: readonly StoredEvent[];
  /** Of this run, oldest first. */
  readonly facts: readonly Fact[];
  readonly nextLookAt: Instant | null;
  readonly now: Instant;
}

export const runView = (input: RunViewInput): RunView => {
  const { run, events, facts, now } = input;
  return {
    ...runBrief(run),
    playbook: run.plan.playbook,
    strategy: run.plan.strategy,
    planHash: run.plan.hash,
    ...stepViews(run, events),
    backTo: run.state.kind === "back" ? run.state.target : null,
    gauges: gaugesOf(run),
    because: run.because,
    asks: asksOf(run, facts, now),
    approvals: approvalsOf(facts),
    breach: run.breach,
    endedAt: run.state.kind === "ended" ? run.state.at : null,
    nextLookAt: run.state.kind === "ended" ? null : input.nextLookAt,
  };
};

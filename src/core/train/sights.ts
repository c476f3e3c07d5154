// What a train's run and the runs of its members see of each other, made from the runs themselves,
// so that every store shows the same.

import type { ReleaseId, ServiceName } from "../ids.ts";
import type { Run } from "../run.ts";
import type { MemberRun, MemberSight, TrainSight } from "./train.ts";

/** Of a run, what both sides need. */
export type RunOutline = Pick<
  Run,
  "id" | "service" | "origin" | "state" | "settled" | "noReturn" | "breach"
> & { readonly from: ReleaseId | null };

export const outlineOf = (run: Run): RunOutline => ({ ...run, from: run.plan.from?.id ?? null });

export const trainSightOf = ({ id, state, settled }: Omit<RunOutline, "from">): TrainSight => {
  const ended = state.kind === "ended" && state.outcome !== "succeeded";
  const step = state.kind === "back" ? state.steps.find(({ kind }) => kind === "train") : undefined;
  return {
    run: id,
    way: state.kind === "back" || ended ? "back" : "forward",
    settled: settled !== null,
    tier: step?.kind === "train" && step.anyway ? step.tier : null,
  };
};

/** `runs`: of the whole train, oldest first. */
export const memberSightOf = (
  service: ServiceName,
  lane: { readonly stable: ReleaseId | null; readonly idle: boolean },
  runs: readonly RunOutline[],
): MemberSight => ({
  service,
  ...lane,
  runs: runs.filter((run) => run.service === service).map(memberRunOf),
});

const memberRunOf = (run: RunOutline): MemberRun => ({
  run: run.id,
  way: run.origin.kind === "rollback" ? "back" : "forward",
  state: run.state.kind,
  settled: run.settled?.outcome ?? null,
  from: run.from,
  noReturn: run.noReturn,
  why: run.breach?.trigger ?? null,
});

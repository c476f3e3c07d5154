// What looking at one step can come to. A step decides nothing about the run: it says whether it is
// done, what it waits for, or that it cannot be done.

import type { EffectBody } from "../effect.ts";
import type { Instant, ReleaseId } from "../ids.ts";
import type { SlotName } from "../lane.ts";
import type { Release } from "../plan.ts";
import type { Reason } from "../reason.ts";
import type { Progress, Run } from "../run.ts";
import type { Runtime } from "../runtime.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Role } from "../task-spec.ts";

export type StepResult =
  | {
      readonly kind: "done";
      readonly reasons: readonly Reason[];
      /** Done, but not well: somebody is called, under this name. */
      readonly calls?: string;
    }
  | {
      readonly kind: "wait";
      readonly reasons: readonly Reason[];
      /** When to look again at the latest. */
      readonly until: Instant;
      readonly effects?: readonly EffectBody[];
      readonly progress?: Partial<Progress>;
    }
  /** Forward: the run goes back. Back: it stalls and tries on. */
  | { readonly kind: "fail"; readonly reasons: readonly Reason[] }
  /** A person must act; the step goes on being observed. */
  | { readonly kind: "stall"; readonly reasons: readonly Reason[]; readonly until: Instant };

export interface StepContext {
  readonly run: Run;
  readonly snapshot: Snapshot;
  readonly now: Instant;
  readonly progress: Progress;
}

/** How soon to look again at a target or router that is on its way. */
export const POLL_MS = 250;
/** How soon to look again where only a person or an outside event moves things. */
export const IDLE_MS = 60_000;

export const reason = (
  code: string,
  text: string,
  numbers?: Reason["numbers"],
): Reason => (numbers === undefined ? { code, text } : { code, text, numbers });

/** Throws before the run has its lane: no step is looked at before that. */
export const slotOf = (run: Run, role: Role): SlotName => {
  const slot = role === "candidate" ? run.slots?.candidate : run.slots?.stable;
  if (slot === undefined || slot === null) throw new Error(`run ${run.id} has no ${role} slot`);
  return slot;
};

/** The release and how it runs, from the plan: of the two it knows. */
export const releaseOf = (
  run: Run,
  id: ReleaseId,
): { readonly release: Release; readonly runtime: Runtime } => {
  const { release, from, runtime, fromRuntime } = run.plan;
  if (id === release.id) return { release, runtime };
  if (from !== null && fromRuntime !== null && id === from.id) {
    return { release: from, runtime: fromRuntime };
  }
  throw new Error(`plan of run ${run.id} does not know ${id}`);
};

/** Past the step's own time limit. */
export const overdue = (context: StepContext, withinMs: number): boolean =>
  context.now - context.progress.since > withinMs;

// What people said at gates, and an early, kind no to those whose word has no weight there.
// Counting for good is the engine's, with the same rules.

import type { Fact } from "../core/fact.ts";
import type { Actor } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Run } from "../core/run.ts";
import type { GateStep } from "../core/step.ts";
import { eligible } from "../core/steps/gate.ts";
import type { ApprovalView } from "./contract.ts";

/** Everything said at gates of this run, oldest first. */
export const approvalsOf = (facts: readonly Fact[]): readonly ApprovalView[] =>
  facts.flatMap((fact) =>
    fact.kind === "approval"
      ? [{ step: fact.step, by: fact.by, at: fact.at, verdict: fact.verdict, reason: fact.reason }]
      : [],
  );

/** Throws a Refusal `denied…` where this person's word has no weight at this gate. */
export const requireApprover = (run: Run, step: GateStep, by: Actor): void => {
  const may = eligible(step.approval, run);
  if (may.includes(by)) return;
  const named = step.approval.from.includes(by);
  throw new Refusal({
    code: named ? "denied-author" : "denied-approver",
    message: named
      ? `${by} made ${run.plan.release.id} or asked for this run, and this gate wants somebody else`
      : `${by} is not among those who approve here.`,
    where: `step ${step.id}`,
    hint: may.length === 0 ? "nobody is left who may" : `${may.join(", ")} may`,
  });
};

// What people said at gates, and an early, kind no to those whose word has no weight there.
// Counting for good is the engine's, with the same rules.

import { approversOf, eligible } from "../core/admission/approvals.ts";
import type { Said } from "../core/admission/approvals.ts";
import type { ApprovalRule } from "../core/admission/rule.ts";
import type { Fact } from "../core/fact.ts";
import type { Actor, Instant } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { GateStep } from "../core/step.ts";
import type { ApprovalView } from "./contract/asks.ts";

/** Everything said at gates of this run, oldest first. */
export const approvalsOf = (facts: readonly Fact[]): readonly ApprovalView[] =>
  facts.flatMap((fact) => {
    if (fact.kind !== "approval") return [];
    const { step, by, at, verdict, reason, answers } = fact;
    return [{ step, by, at, verdict, reason, answers }];
  });

/** The rules of this gate for which this person's word has weight now, their own or in the place of
 * somebody who is away. Throws a Refusal `denied…` where there is none, `no-approval` where nobody
 * is asked. */
export const approvalRulesFor = (
  step: GateStep,
  by: Actor,
  said: Omit<Said, "step">,
  now: Instant,
): readonly ApprovalRule[] => {
  const rules = step.rules.flatMap((rule) => (rule.kind === "approval" ? [rule.approval] : []));
  if (rules.length === 0) {
    throw new Refusal({
      code: "no-approval",
      message: `nobody's approval is asked for at ${step.id}`,
      hint: "sluice why tells what it waits for",
    });
  }
  const gate = { ...said, step: step.id };
  const own = rules.filter((rule) =>
    approversOf(rule, gate, now).some((approver) => approver.by === by),
  );
  if (own.length > 0) return own;
  const named = rules.some((rule) => rule.from.includes(by));
  const may = [...new Set(rules.flatMap((rule) => eligible(rule, said.run)))];
  throw new Refusal({
    code: named ? "denied-author" : "denied-approver",
    message: named
      ? `${by} made ${said.run.plan.release.id} or asked for this run, ` +
        "and this gate wants somebody else"
      : `${by} is not among those who approve here`,
    where: `step ${step.id}`,
    hint: may.length === 0 ? "nobody is left who may" : `${may.join(", ")} may`,
  });
};

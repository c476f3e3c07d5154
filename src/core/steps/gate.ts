// gate: N of the named people, each once, not the author, bound to this very plan, not expired. One
// rejection by any of them ends it.

import { earliest, later } from "../ids.ts";
import type { Actor, Instant } from "../ids.ts";
import type { Fact } from "../fact.ts";
import type { Run } from "../run.ts";
import type { ApprovalRule, GateStep } from "../step.ts";
import { IDLE_MS, reason } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

type Approval = Extract<Fact, { kind: "approval" }>;

export const lookAtGate = (step: GateStep, context: StepContext): StepResult => {
  const { run, snapshot, now } = context;
  const counted = countedApprovals(step, run, snapshot.facts, now);
  const rejection = counted.find((fact) => fact.verdict === "reject");
  if (rejection !== undefined) {
    const why = rejection.reason === null ? "" : `: ${rejection.reason}`;
    return { kind: "fail", reasons: [reason("rejected", `${rejection.by} rejected it${why}`)] };
  }
  const approvers = new Set<Actor>(counted.map((fact) => fact.by));
  const numbers = { approvals: approvers.size, needed: step.approval.count };
  if (approvers.size >= step.approval.count) {
    const text = `approved by ${[...approvers].join(", ")}`;
    return { kind: "done", reasons: [reason("approved", text, numbers)] };
  }
  const missing = step.approval.count - approvers.size;
  const who = eligible(step.approval, run).join(", ");
  const text = `waits for ${missing} more approval${missing === 1 ? "" : "s"} from ${who}`;
  const expiries = counted.flatMap((fact) =>
    step.approval.expiresMs === null ? [] : [later(fact.at, step.approval.expiresMs + 1)],
  );
  const until = expiries.reduce(earliest, later(now, IDLE_MS));
  return { kind: "wait", until, reasons: [reason("approval-missing", text, numbers)] };
};

/** Approvals and rejections that count now, the newest word of each person. */
export const countedApprovals = (
  step: GateStep,
  run: Run,
  facts: readonly Fact[],
  now: Instant,
): readonly Approval[] => {
  const may = new Set(eligible(step.approval, run));
  const newest = new Map<Actor, Approval>();
  for (const fact of facts) {
    if (fact.kind !== "approval" || fact.step !== step.id) continue;
    if (fact.planHash !== run.plan.hash || !may.has(fact.by)) continue;
    if (step.approval.expiresMs !== null && now - fact.at > step.approval.expiresMs) continue;
    newest.set(fact.by, fact);
  }
  return [...newest.values()];
};

/** Who may approve: the named people, without the author where the rule says so. */
export const eligible = (rule: ApprovalRule, run: Run): readonly string[] =>
  rule.from.filter((name) => !rule.notAuthor || !isAuthor(name, run));

const isAuthor = (name: string, run: Run): boolean =>
  name === run.plan.release.author || name === run.origin.by;

// May we? The one place that answers it, for every path by which a run comes to a gate: all rules
// at the same moment, each with its reasons and, where time changes it, when.

import type { Instant } from "../ids.ts";
import { assertNever, earliest } from "../ids.ts";
import { judgeApproval } from "./approvals.ts";
import { judgeChangeRecord } from "./change-record.ts";
import { judgeChecklist } from "./checklists.ts";
import { judgeEvidenceRule } from "./evidence-rule.ts";
import { judgeNoFreeze } from "./no-freeze.ts";
import { judgePhase } from "./phase-rule.ts";
import type { AdmissionRequest } from "./request.ts";
import type { Admission, GateRule, RuleResult } from "./rule.ts";
import { concerns } from "../standing-scope.ts";
import { withShut } from "./shut.ts";
import { sorted } from "./sorted.ts";
import { judgeVerifiedIn } from "./verified-in.ts";
import { judgeWindow } from "./window.ts";

export const admit = (request: AdmissionRequest, now: Instant): Admission => {
  const about = narrowed(request);
  const judged = about.rules.map((rule) => judge(rule, about, now));
  const results = withShut(about.rules, judged, now);
  const some = (kind: RuleResult["kind"]): boolean => results.some((one) => one.kind === kind);
  return {
    kind: some("deny") ? "deny" : some("wait") ? "wait" : "allow",
    until: results.reduce<Instant | null>(
      (soonest, { until }) =>
        until === null || soonest === null ? (soonest ?? until) : earliest(soonest, until),
      null,
    ),
    results,
  };
};

/** Every rule reads it anew, so what none of them can mean is left out once. */
const narrowed = (request: AdmissionRequest): AdmissionRequest => {
  const { run, step } = request;
  const about = {
    ...request,
    facts: request.facts.filter(
      (fact) => (fact.kind === "approval" || fact.kind === "tick") && fact.step === step,
    ),
    standing: request.standing.filter((one) => concerns(one, run, run.plan.release.id)),
  };
  return { ...about, sorted: sorted(about) };
};

const judge = (rule: GateRule, request: AdmissionRequest, now: Instant): RuleResult => {
  switch (rule.kind) {
    case "approval":
      return judgeApproval(rule.id, rule.approval, request, now);
    case "evidence":
      return judgeEvidenceRule(rule.id, rule.conditions, request, now);
    case "checklist":
      return judgeChecklist(rule.id, rule.checklist, request, now);
    case "window":
      return judgeWindow(rule.id, rule.calendar, request, now);
    case "noFreeze":
      return judgeNoFreeze(rule.id, request, now);
    case "changeRecord":
      return judgeChangeRecord(rule.id, request, now);
    case "verifiedIn":
      return judgeVerifiedIn(rule.id, rule.environment, request);
    case "phase":
      return judgePhase(rule.id, rule.phase, request, now);
    default:
      return assertNever(rule);
  }
};

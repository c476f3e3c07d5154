// What a rule of a gate asks, in one line: the same words in a plan, in a run and in a table.

import type { ApprovalRule, GateRule, PlannedPhase } from "../../core/admission/rule.ts";
import { assertNever } from "../../core/ids.ts";
import { daysText } from "../../core/rollout/phase-class.ts";
import { formatDuration } from "../../core/units.ts";

export const ruleText = (rule: GateRule): string => {
  switch (rule.kind) {
    case "approval":
      return approvalText(rule.approval);
    case "evidence":
      return `evidence: ${rule.conditions.map((condition) => condition.text).join(", ")}`;
    case "checklist":
      return `checklist ${rule.checklist.name}`;
    case "window":
      return `calendar ${rule.calendar.name} is open`;
    case "noFreeze":
      return "no freeze";
    case "changeRecord":
      return "a change record is approved";
    case "verifiedIn":
      return `known good in ${rule.environment}`;
    case "phase":
      return phaseText(rule.phase);
    default:
      return assertNever(rule);
  }
};

const phaseText = ({ rollout, days, after, risk, downtime, rollback }: PlannedPhase): string => {
  const when = after === null ? "" : `, after ${after}`;
  return (
    `day ${daysText(days)} of rollout ${rollout}${when}; ` +
    `${risk} risk, downtime ${downtime}, rollback ${rollback}`
  );
};

const approvalText = (rule: ApprovalRule): string => {
  const people = rule.from.join(", ");
  const who = rule.groups.length === 0 ? people : `${rule.groups.join(", ")} (${people})`;
  const author = rule.notAuthor ? "; not the release's author" : "";
  const expiry = rule.expiresMs === null ? "" : `; counts for ${formatDuration(rule.expiresMs)}`;
  return `${rule.count} of ${who} approve${author}${expiry}`;
};

// Which gates of a plan ask how long findings are known, so that nobody looks it up for the others.

import type { EvidenceCondition, FindingDeadlines } from "../evidence/evidence.ts";
import type { Step } from "../step.ts";
import type { GateRule } from "./rule.ts";

/** The deadlines that a rule has, itself or in the items of its checklist. */
export const deadlinesIn = (rule: GateRule): readonly FindingDeadlines[] => {
  if (rule.kind === "evidence") return dated(rule.conditions);
  if (rule.kind !== "checklist") return [];
  return rule.checklist.items.flatMap(({ check }) =>
    check?.kind === "evidence" ? dated(check.conditions) : [],
  );
};

const dated = (conditions: readonly EvidenceCondition[]): readonly FindingDeadlines[] =>
  conditions.filter((condition) => "deadlines" in condition);

export const asksForAges = ({ steps }: { readonly steps: readonly Step[] }): boolean =>
  steps.some(
    (step) => step.kind === "gate" && step.rules.some((rule) => deadlinesIn(rule).length > 0),
  );

// What is told of a run that was planned anew while it waited for its lane: what had changed under
// it, what was asked for and still is, and what that comes to now.

import type { FreshPlan } from "./snapshot.ts";
import type { Plan } from "./plan.ts";
import type { Reason } from "./reason.ts";
import { reason } from "./steps/step-result.ts";
import { undoneByRollback } from "./undo.ts";

/** `was`: the plan that no longer starts from what is stable. */
export const replannedReasons = (
  was: Plan,
  { plan, unknown }: Extract<FreshPlan, { kind: "plan" }>,
): readonly Reason[] => {
  const [then, now] = [was, plan].map(({ from }) => from?.id ?? "nothing");
  const changed = `planned anew: ${now} is stable now, where ${then} was when it was asked for`;
  const asked = plan.strategy === "rollback" ? `; ${askedText(plan)}` : "";
  const told = reason("replanned", `${changed}${asked}`);
  return unknown === null ? [told] : [told, reason("not-followed", unknown)];
};

const askedText = (plan: Plan): string => {
  const how = plan.atOnce === true ? ", all traffic at once" : "";
  const undone = plan.steps.filter((step) => undoneByRollback(plan, step));
  const titles = undone.map(({ title }) => title.replace(/^take back: /u, ""));
  const takes = titles.length === 0 ? "takes nothing else back" : `takes back ${titles.join(", ")}`;
  return `still to ${plan.release.id}, tier ${plan.rollback.tier}${how}; it ${takes}`;
};

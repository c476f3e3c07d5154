// Who may begin a run by hand, asked before there is one: its gate would deny it at once, and a run
// that has failed is nothing that anybody wanted.

import type { Actor } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Plan } from "../../core/plan.ts";
import { Refusal } from "../../core/refusal.ts";
import { daysText } from "../../core/rollout/phase-class.ts";

/** Throws a Refusal `denied-deployer` that names those who may. The gate asks again: the plan
 * remembers who was among them when it was made. */
export const requireDeployer = (plan: Plan, by: Actor): void => {
  const rules = plan.steps.flatMap((step) => (step.kind === "gate" ? step.rules : []));
  for (const rule of rules) {
    if (rule.kind !== "phase") continue;
    const { deploy, days, rollout } = rule.phase;
    if (deploy.length > 0 && !deploy.includes(by)) {
      throw new Refusal({
        code: "denied-deployer",
        message: `${by} is not among those who deploy day ${daysText(days)} of ${rollout}`,
        where: laneName(plan),
        hint: `these may: ${deploy.join(", ")}`,
      });
    }
  }
};

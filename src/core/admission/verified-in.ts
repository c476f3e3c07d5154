// The release is known good in the environment before. Asked again when the run begins, however it
// was begun: it may have been rolled back there since.

import type { EnvironmentName } from "../ids.ts";
import { reason } from "../steps/step-result.ts";
import type { AdmissionRequest } from "./request.ts";
import type { RuleResult } from "./rule.ts";

export const judgeVerifiedIn = (
  id: string,
  environment: EnvironmentName,
  { run, verifiedIn }: Pick<AdmissionRequest, "run" | "verifiedIn">,
): RuleResult => {
  const { release } = run.plan;
  if (verifiedIn.includes(environment)) {
    const text = `${release.id} is known good in ${environment}`;
    return { rule: id, kind: "allow", until: null, reasons: [reason("verified", text)] };
  }
  const text =
    `${release.id} is not known good in ${environment}, ` +
    `from which ${run.environment} takes its releases`;
  return { rule: id, kind: "deny", until: null, reasons: [reason("not-verified", text)] };
};

// Of what was said of several conditions, what concerns those that are not met: who is asked to do
// something about evidence need not read of what is good already.

import type { Reason } from "../reason.ts";

/** Codes of the reasons that sum up a condition which is met. */
const MET: readonly string[] = ["evidence-met", "evidence-waived"];
/** Codes of those that sum up one which is not. */
const UNMET: readonly string[] = ["evidence-missing", "evidence-failed", "evidence-unit"];

/** Reasons as judgeEvidence gives them for conditions that are not all met, in their order. */
export const unmetReasons = (reasons: readonly Reason[]): readonly Reason[] => {
  const waived = namesOf(reasons, ["evidence-waived"]);
  const unmet = namesOf(reasons, UNMET);
  const met = namesOf(reasons, MET);
  const open = (name: unknown): boolean => !waived.has(name) && (unmet.has(name) || !met.has(name));
  const left = reasons.filter(
    (reason) => reason.code !== "evidence-met" && open(reason.numbers?.["name"]),
  );
  return left.length === 0 ? reasons : left;
};

const namesOf = (reasons: readonly Reason[], codes: readonly string[]): ReadonlySet<unknown> =>
  new Set(
    reasons.flatMap(({ code, numbers }) => (codes.includes(code) ? [numbers?.["name"]] : [])),
  );

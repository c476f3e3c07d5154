// What admission answered, as reasons that are kept with the run: for people, for the audit chain,
// and for the next pass, which tells only what has become different.

import type { Reason } from "../reason.ts";
import { same } from "../same.ts";
import { reason } from "../steps/step-result.ts";
import type { Admission, RuleResult } from "./rule.ts";

/** The reasons of results of these kinds, in the order of the rules. */
export const reasonsOf = (
  admission: Admission,
  kinds: readonly RuleResult["kind"][],
): readonly Reason[] =>
  admission.results.filter(({ kind }) => kinds.includes(kind)).flatMap(({ reasons }) => reasons);

const VERBS = { allow: "allows", wait: "waits", deny: "denies" } as const;

/** One reason that says what every rule of a gate said. */
export const answerOf = (gate: string, admission: Admission): Reason => {
  const each = admission.results.map(({ rule, kind }) => `${rule} ${VERBS[kind]}`);
  const text = `${gate} ${VERBS[admission.kind]}: ${each.join(", ")}`;
  return reason(ANSWER, text, {
    ...Object.fromEntries(admission.results.map(({ rule, kind }) => [rule, kind])),
    gate,
    admission: admission.kind,
  });
};

const ANSWER = "admission";

/** True: it is what was answered when the run was last looked at. */
export const isSaid = (answer: Reason, because: readonly Reason[]): boolean =>
  because.some((one) => one.code === ANSWER && same(one.numbers, answer.numbers));

/** Every result with its reasons, each under its rule: the record of the decision. */
export const recordOf = (gate: string, admission: Admission): readonly Reason[] => [
  answerOf(gate, admission),
  ...admission.results.flatMap(({ rule, kind, until, reasons }) =>
    reasons.map((one) => ({ ...one, numbers: { until, ...one.numbers, rule, result: kind } })),
  ),
];

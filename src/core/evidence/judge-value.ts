// Judges a condition on a value that a report states: coverage, a pass rate, a time, a claim.

import { didYouMean } from "../closest.ts";
import type { ValueCondition, EvidenceValue } from "./evidence.ts";
import { evidenceValueText } from "./evidence-value.ts";
import { isValueName } from "./value-names.ts";
import { neededText, newestWith, satisfies, type EvidenceSight, type Verdict } from "./verdict.ts";

export const judgeValue = (condition: ValueCondition, sight: EvidenceSight): Verdict => {
  const { name, comparison, value: bound } = condition;
  const found = newestWith(name, sight.evidence);
  const needs = `needs ${neededText(condition)}`;
  const asked = { name, comparison, bound: numberOf(bound) };
  if (found === null) {
    const text = `${name} is in no report, ${needs}${others(name, sight)}`;
    const numbers = { ...asked, value: null, reports: sight.evidence.length };
    return { met: false, until: null, reasons: [{ code: "evidence-missing", text, numbers }] };
  }
  const { report, value } = found;
  const numbers = { ...asked, value: numberOf(value), unit: value.unit, report };
  const met = satisfies(value, condition);
  const differ = value.unit !== bound.unit;
  const code = differ ? "evidence-unit" : met ? "evidence-met" : "evidence-failed";
  const text =
    `${name} is ${evidenceValueText(value)} in ${report}, ${needs}` +
    (differ ? ": the units differ" : "");
  return { met, until: null, reasons: [{ code, text, numbers }] };
};

const numberOf = ({ value }: EvidenceValue): number | string =>
  typeof value === "number" ? value : value ? "yes" : "no";

const others = (name: string, { evidence }: EvidenceSight): string => {
  const names = new Set(evidence.flatMap((one) => Object.keys(one.values).filter(isValueName)));
  return names.size === 0 ? "" : ` (${didYouMean(name, [...names].toSorted())})`;
};

// Judges `provenance`: a statement of where something comes from counts only where it speaks of
// this very artifact, by its digest.

import type { ValueCondition } from "./evidence.ts";
import { isProvenanceName, provenanceName } from "./value-names.ts";
import { neededText, satisfies, type EvidenceSight, type Verdict } from "./verdict.ts";

/** Null: the condition asks something else, or no statement names what it speaks of; then it is
 * judged as any other value. */
export const judgeProvenance = (
  condition: ValueCondition,
  { evidence, artifact }: EvidenceSight,
): Verdict | null => {
  if (condition.name !== "provenance") return null;
  const statements = evidence.filter(({ values }) => Object.keys(values).some(isProvenanceName));
  if (statements.length === 0) return null;
  const own = statements.findLast(({ values }) => Object.hasOwn(values, provenanceName(artifact)));
  const met = own !== undefined && satisfies({ unit: "claim", value: true }, condition);
  const said =
    own === undefined
      ? `${statements.map(({ name }) => name).join(", ")} speaks of others than ${artifact}`
      : `${own.name} speaks of ${artifact}`;
  const text = `provenance: ${said}, needs ${neededText(condition)}`;
  const numbers = { name: condition.name, artifact, report: own?.name ?? null };
  const code = met ? "evidence-met" : "evidence-failed";
  return { met, until: null, reasons: [{ code, text, numbers }] };
};

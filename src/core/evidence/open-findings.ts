// The findings of a release that its reports do not declare harmless, each once.

import type { Evidence, Finding, Severity } from "./evidence.ts";
import { findingText } from "./sightings.ts";

export type OpenFinding = Pick<Finding, "id" | "subject" | "severity">;

/** What nobody can place may be of any, so it counts as the gravest that is not known to be. */
const ORDER: readonly Severity[] = ["critical", "unknown", "high", "medium", "low"];

/** Of the newest reports; where they differ in severity, with the worst of theirs. */
export const openFindings = (newest: readonly Evidence[]): readonly OpenFinding[] => {
  const told = newest.flatMap(({ findings }) => findings.filter((one) => one.declared === null));
  return [...Map.groupBy(told, findingText).values()].flatMap((same) =>
    same.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity)).slice(0, 1),
  );
};

// Whether a release has a finding that is late, stated once more and more simply than gates work it
// out: one finding after the other, each with its own deadline.

import type { Evidence, Finding, FindingDeadlines, FirstSeen } from "../evidence/evidence.ts";
import type { Instant } from "../ids.ts";

interface Known {
  /** Oldest first. */
  readonly reports: readonly Evidence[];
  readonly waived: readonly string[];
  readonly firstSeen: readonly FirstSeen[];
  readonly at: Instant;
}

/** A sentence for the first one that is late; null: none is. */
export const lateFinding = ({ deadlines }: FindingDeadlines, known: Known): string | null => {
  const { reports, waived, firstSeen, at } = known;
  const ages = new Map(firstSeen.map((one) => [JSON.stringify([one.id, one.subject]), one]));
  const isLate = ({ id, subject, severity }: Finding): boolean => {
    const limits =
      severity === "unknown" ? Object.values(deadlines) : [deadlines[severity] ?? null];
    const age = ages.get(JSON.stringify([id, subject]));
    return limits.some((limit) => {
      if (limit === null) return false;
      if (age === undefined) return true;
      return limit === "nextRelease" ? age.carried : at - age.at >= limit;
    });
  };
  const late = newest(reports)
    .flatMap(({ findings }) => findings)
    .find((one) => one.declared === null && !waived.includes(one.id) && isLate(one));
  return late === undefined ? null : `${late.id} is late`;
};

/** Of each kind and name. */
const newest = (reports: readonly Evidence[]): readonly Evidence[] =>
  reports.filter(
    ({ format, name }, index) =>
      !reports.slice(index + 1).some((other) => other.format === format && other.name === name),
  );

// What judging one condition on evidence works on and what it gives, for values and findings alike.

import { assertNever, type Digest, type Instant, type ReleaseId } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { Evidence, EvidenceValue, FirstSeen, ValueCondition } from "./evidence.ts";
import type { Waivers } from "./waivers-in-force.ts";

export interface EvidenceSight {
  /** Oldest first. */
  readonly evidence: readonly Evidence[];
  /** The newest report of each name: their findings count. */
  readonly newest: readonly Evidence[];
  /** Of the release that is asked about. */
  readonly artifact: Digest;
  readonly release: ReleaseId;
  readonly waivers: Waivers;
  /** By findingText(). */
  readonly firstSeen: ReadonlyMap<string, FirstSeen>;
  readonly now: Instant;
  /** Whose clock tells times beside UTC; null: nobody's. */
  readonly zone: string | null;
}

export interface Verdict {
  readonly met: boolean;
  /** When it is met no more, by waivers that end and deadlines that come; null: as long as nothing
   * new is said. */
  readonly until: Instant | null;
  readonly reasons: readonly Reason[];
}

/** The newest report that has the value. */
export const newestWith = (
  name: string,
  evidence: readonly Evidence[],
): { readonly report: string; readonly value: EvidenceValue } | null => {
  const report = evidence.findLast((one) => Object.hasOwn(one.values, name));
  const value = report?.values[name];
  return report === undefined || value === undefined ? null : { report: report.name, value };
};

/** Values of different units satisfy nothing. */
export const satisfies = (
  value: EvidenceValue,
  { comparison, value: bound }: ValueCondition,
): boolean => {
  if (value.unit !== bound.unit) return false;
  switch (comparison) {
    case "<":
      return value.value < bound.value;
    case "<=":
      return value.value <= bound.value;
    case ">":
      return value.value > bound.value;
    case ">=":
      return value.value >= bound.value;
    case "=":
      return value.value === bound.value;
    default:
      return assertNever(comparison);
  }
};

/** `> 80%`: the condition without its name. */
export const neededText = ({ name, text }: ValueCondition): string =>
  text.startsWith(name) ? text.slice(name.length).trim() : text;

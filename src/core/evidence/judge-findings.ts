// Judges a condition on a count of findings, `criticalVulnerabilities = 0`, and tells which were
// waived or declared harmless.

import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { ValueCondition, Finding } from "./evidence.ts";
import { isScan, tally, type Tally } from "./finding-tally.ts";
import { neededText, newestWith, satisfies, type EvidenceSight, type Verdict } from "./verdict.ts";
import { timeText } from "./waivers-in-force.ts";

/** More than these are counted, not named. */
const MAX_NAMED = 10;

export const judgeFindings = (condition: ValueCondition, sight: EvidenceSight): Verdict => {
  const { name } = condition;
  const scans = sight.newest.filter(isScan);
  const stated = statedIn(name, sight);
  if (scans.length === 0 && stated === null) {
    const text = `${name} is unknown: no scan was attached, needs ${neededText(condition)}`;
    const numbers = { ...askedOf(condition), value: null, reports: sight.evidence.length };
    return { met: false, until: null, reasons: [{ code: "evidence-missing", text, numbers }] };
  }
  const counted = tally(name, sight.newest, sight.waivers);
  // Where the plain form states a number as well, the worse of the two counts.
  const value = Math.max(counted.open.length, stated ?? 0);
  const met = satisfies({ unit: "count", value }, condition);
  const until = met ? untilOver(condition, counted, value) : null;
  const reasons = [
    sumOf(condition, { counted, stated, value, met, scans: scans.length }),
    ...waivedReasons(name, counted),
    ...declaredReasons(name, counted),
    ...ignoredReasons(name, counted, sight),
  ];
  return { met, until, reasons };
};

const askedOf = ({ name, comparison, value }: ValueCondition) => ({
  name,
  comparison,
  bound: typeof value.value === "number" ? value.value : String(value.value),
});

const statedIn = (name: string, { evidence }: EvidenceSight): number | null => {
  const found = newestWith(name, evidence);
  return found !== null && found.value.unit === "count" ? found.value.value : null;
};

/** When so many of the waivers have ended that it is met no more. */
const untilOver = (condition: ValueCondition, counted: Tally, value: number): Instant | null => {
  const ending = Map.groupBy(counted.waived, ({ waiver }) => waiver.until);
  let open = counted.open.length;
  for (const [end, group] of [...ending].toSorted(([a], [b]) => a - b)) {
    open += group.length;
    const then = { unit: "count", value: Math.max(open, value) } as const;
    if (!satisfies(then, condition)) return end;
  }
  return null;
};

const sumOf = (
  condition: ValueCondition,
  found: {
    readonly counted: Tally;
    readonly stated: number | null;
    readonly value: number;
    readonly met: boolean;
    readonly scans: number;
  },
): Reason => {
  const { counted, stated, value } = found;
  const unknown = counted.open.filter((finding) => finding.severity === "unknown").length;
  const named = counted.open.length > 0 ? `: ${listed(counted.open.map(nameOf))}` : "";
  const text =
    `${condition.name} is ${value}, needs ${neededText(condition)}${named}` +
    (stated !== null && stated > counted.open.length ? ` (${stated} as stated by a report)` : "") +
    (unknown > 0 ? ` (${unknown} of unknown severity among them)` : "");
  const numbers = {
    ...askedOf(condition),
    value,
    stated,
    unknown,
    waived: counted.waived.length,
    declared: counted.declared.length,
    scans: found.scans,
  };
  return { code: found.met ? "evidence-met" : "evidence-failed", text, numbers };
};

const nameOf = ({ id, subject }: Finding): string => (subject === "" ? id : `${id} in ${subject}`);

const listed = (names: readonly string[]): string => {
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
};

/** One for each waiver that takes something out of the count. */
const waivedReasons = (name: string, { waived }: Tally): readonly Reason[] => {
  const byId = Map.groupBy(waived, ({ finding }) => finding.id);
  return [...byId].slice(0, MAX_NAMED).flatMap(([id, group]) => {
    const waiver = group[0]?.waiver;
    if (waiver === undefined) return [];
    const { owner, until, reason } = waiver;
    const text = `${id} is waived by ${owner} until ${timeText(until)}: ${reason}`;
    const numbers = { name, finding: id, count: group.length, owner, until };
    return [{ code: "finding-waived", text, numbers }];
  });
};

const declaredReasons = (name: string, { declared }: Tally): readonly Reason[] => {
  if (declared.length === 0) return [];
  const names = declared.map((finding) => `${nameOf(finding)} (${finding.declared ?? ""})`);
  const text = `${name}: declared harmless by the reports themselves: ${listed(names)}`;
  return [{ code: "finding-declared", text, numbers: { name, count: declared.length } }];
};

/** What somebody meant to waive, and why it counts all the same. */
const ignoredReasons = (
  name: string,
  { open }: Tally,
  { waivers }: EvidenceSight,
): readonly Reason[] => {
  const ids = [...new Set(open.map((finding) => finding.id))];
  return ids
    .flatMap((id) => {
      const ignored = waivers.ignored.get(id);
      if (ignored === undefined) return [];
      const { waiver, why } = ignored;
      const text = `the waiver of ${id} by ${waiver.owner} does not count: ${why}`;
      const numbers = { name, finding: id, until: waiver.until };
      return [{ code: "waiver-ignored", text, numbers }];
    })
    .slice(0, MAX_NAMED);
};

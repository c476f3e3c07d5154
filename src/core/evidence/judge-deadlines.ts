// Judges how long open findings are known, `findings: { critical: 24h, low: next release }`: which
// are late, which are due when. What nobody can place is held to the shortest of the deadlines.

import { localText } from "../calendar/local-text.ts";
import type { DurationMs, Instant, ReleaseId } from "../ids.ts";
import { later } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type {
  Deadline,
  Finding,
  FindingDeadlines,
  FirstSeen,
  KnownSeverity,
  Severity,
} from "./evidence.ts";
import { isScan } from "./finding-tally.ts";
import { findingText } from "./sightings.ts";
import { shellWord } from "../shell-word.ts";
import type { EvidenceSight, Verdict } from "./verdict.ts";
import { timeText, type WaiverInForce } from "./waivers-in-force.ts";

/** More than these are counted, not named. */
const MAX_NAMED = 10;

/** A finding that is held to a deadline, waived or not. */
export interface DatedFinding {
  readonly id: string;
  readonly subject: string;
  /** The one by which it is due first. */
  readonly severity: Severity;
  /** Null: in no report that is known, which is late. */
  readonly seen: FirstSeen | null;
  /** When it is late by the clock; null: never, or only by the next release. */
  readonly due: Instant | null;
  /** It should have been gone in this release already, or nobody knows since when it is there. */
  readonly overstayed: boolean;
  readonly late: boolean;
  readonly waiver: WaiverInForce | null;
}

export const judgeDeadlines = (condition: FindingDeadlines, sight: EvidenceSight): Verdict => {
  const scans = sight.newest.filter(isScan).length;
  const { name, text } = condition;
  if (scans === 0) {
    const says = `${name} are unknown: no scan was attached, needs ${text}`;
    const numbers = { name, value: null, reports: sight.evidence.length };
    return {
      met: false,
      until: null,
      reasons: [{ code: "evidence-missing", text: says, numbers }],
    };
  }
  const dated = datedFindings(condition, sight);
  const open = dated.filter(({ waiver }) => waiver === null);
  const late = open.filter((one) => one.late);
  const due = open.filter((one) => !one.late);
  const waived = dated.filter(({ waiver }) => waiver !== null);
  const met = late.length === 0;
  const numbers = {
    name,
    value: late.length,
    open: open.length,
    waived: waived.length,
    scans,
    unknown: open.filter(({ severity }) => severity === "unknown").length,
  };
  const sum = `${text}: ${open.length} open, ${late.length} late`;
  const reasons = [
    { code: met ? "evidence-met" : "evidence-failed", text: sum, numbers },
    ...late.slice(0, MAX_NAMED).map((one) => lateReason(one, sight)),
    ...more("finding-late", late.length, "late"),
    ...late.flatMap((one) => ignoredReason(one, sight)).slice(0, MAX_NAMED),
    ...due.slice(0, MAX_NAMED).map((one) => openReason(one, sight)),
    ...more("finding-due", due.length, "open and not late yet"),
    ...waived.slice(0, MAX_NAMED).flatMap(waivedReason),
  ];
  return { met, until: met ? untilLate(dated) : null, reasons };
};

/** Those of the newest scans that are of a severity with a deadline and not declared harmless: what
 * is late first, then by when it is due. */
export const datedFindings = (
  { deadlines }: FindingDeadlines,
  sight: EvidenceSight,
): readonly DatedFinding[] => {
  const byKey = Map.groupBy(
    sight.newest.flatMap(({ findings }) => findings),
    findingText,
  );
  return [...byKey.values()]
    .flatMap((same) => {
      // One that one report declares harmless and another does not is open.
      const told = same.filter(({ declared }) => declared === null);
      const held = told.flatMap((finding) => dated(finding, deadlines, sight));
      return held.toSorted(byDue)[0] ?? [];
    })
    .toSorted(byDue);
};

const dated = (
  { id, subject, severity }: Finding,
  deadlines: FindingDeadlines["deadlines"],
  sight: EvidenceSight,
): readonly DatedFinding[] => {
  const limits = limitsOf(severity, deadlines);
  if (limits.length === 0) return [];
  const seen = sight.firstSeen.get(findingText({ id, subject })) ?? null;
  const waiver = sight.waivers.inForce.get(id) ?? null;
  const times = limits.filter((limit): limit is DurationMs => limit !== "nextRelease");
  const due = seen === null || times.length === 0 ? null : later(seen.at, Math.min(...times));
  const carried = limits.includes("nextRelease") && seen?.carried === true;
  const overstayed = seen === null || carried;
  const late = overstayed || (due !== null && sight.now >= due);
  return [{ id, subject, severity, seen, due, overstayed, late, waiver }];
};

const limitsOf = (
  severity: Severity,
  deadlines: Readonly<Partial<Record<KnownSeverity, Deadline>>>,
): readonly Deadline[] => {
  if (severity === "unknown") return Object.values(deadlines);
  const limit = deadlines[severity];
  return limit === undefined ? [] : [limit];
};

const byDue = (a: DatedFinding, b: DatedFinding): number =>
  Number(b.overstayed) - Number(a.overstayed) ||
  ascending(a.due ?? Infinity, b.due ?? Infinity) ||
  ascending(a.id, b.id) ||
  ascending(a.subject, b.subject);

/** Texts by their characters' codes, so that every machine gives the same order. */
const ascending = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** When the first of them is late, as long as nothing is said: waivers end. */
const untilLate = (dated: readonly DatedFinding[]): Instant | null => {
  const times = dated.flatMap(({ due, overstayed, waiver }) => {
    const at = overstayed ? -Infinity : (due ?? Infinity);
    const time = Math.max(at, waiver?.until ?? -Infinity);
    return Number.isFinite(time) ? [time as Instant] : [];
  });
  return times.reduce<Instant | null>(
    (first, time) => (first === null || time < first ? time : first),
    null,
  );
};

const numbersOf = (one: DatedFinding) => ({
  name: "findings",
  finding: one.id,
  subject: one.subject,
  severity: one.severity,
  firstSeen: one.seen?.at ?? null,
  firstIn: one.seen?.release ?? null,
  due: one.due,
});

const lateReason = (one: DatedFinding, sight: EvidenceSight): Reason => {
  const by = one.due !== null && sight.now >= one.due ? dueText(one.due, sight) : nextText(one);
  const seen = `${nameOf(one)} is late: ${seenText(one, sight)}, ${by}`;
  const text = `${seen}; fix it, or answer for it: ${waiveCommand(sight.release, one.id)}`;
  return { code: "finding-late", text, numbers: numbersOf(one) };
};

/** To be copied, whatever a report calls its finding. */
export const waiveCommand = (release: ReleaseId, id: string): string =>
  `sluice waive ${release} ${shellWord(id)} --reason WHY --owner NAME --until 14d`;

const dueText = (due: Instant, sight: EvidenceSight): string =>
  `was due ${momentText(due, sight)}, overdue by ${coarse(sight.now - due)}`;

const nextText = ({ seen }: DatedFinding): string =>
  seen === null ? "so nobody knows when it was due" : "was to be gone in the release after it";

const openReason = (one: DatedFinding, sight: EvidenceSight): Reason => {
  const when =
    one.due === null
      ? "must be gone in the next release"
      : `is due ${momentText(one.due, sight)}, in ${coarse(one.due - sight.now)}`;
  const text = `${nameOf(one)} ${when}: ${seenText(one, sight)}`;
  return { code: "finding-due", text, numbers: numbersOf(one) };
};

const seenText = ({ seen }: DatedFinding, sight: EvidenceSight): string => {
  if (seen === null) return "nobody knows since when it is there";
  return `first seen ${momentText(seen.at, sight)} in ${seen.release ?? "an earlier release"}`;
};

const nameOf = ({ id, subject, severity }: DatedFinding): string => {
  const held = severity === "unknown" ? "unknown severity, held to the shortest" : severity;
  return `${subject === "" ? id : `${id} in ${subject}`} (${held})`;
};

/** On both clocks where there is another one than UTC. */
const momentText = (at: Instant, { zone }: EvidenceSight): string =>
  zone === null || zone === "UTC" ? timeText(at) : `${localText(at, zone)} (${timeText(at)})`;

const COARSE = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
] as const;

/** Whole days, hours or minutes, rounded down: it is told anew only when one more has passed. */
const coarse = (ms: DurationMs): string => {
  const [unit, size] = COARSE.find(([, size]) => ms >= size) ?? ["s", 1_000];
  return `${Math.floor(ms / size)} ${unit}`;
};

const more = (code: string, count: number, what: string): readonly Reason[] => {
  const rest = count - MAX_NAMED;
  if (rest <= 0) return [];
  return [{ code, text: `and ${rest} more are ${what}`, numbers: { name: "findings", rest } }];
};

const waivedReason = (one: DatedFinding): readonly Reason[] => {
  const { id, waiver } = one;
  if (waiver === null) return [];
  const { owner, until, reason } = waiver;
  const text = `${id} is waived by ${owner} until ${timeText(until)}: ${reason}`;
  return [{ code: "finding-waived", text, numbers: { ...numbersOf(one), owner, until } }];
};

/** What somebody meant to waive, and why it is late all the same. */
const ignoredReason = ({ id }: DatedFinding, { waivers }: EvidenceSight): readonly Reason[] => {
  const ignored = waivers.ignored.get(id);
  if (ignored === undefined) return [];
  const { waiver, why } = ignored;
  const text = `the waiver of ${id} by ${waiver.owner} does not count: ${why}`;
  const numbers = { name: "findings", finding: id, until: waiver.until };
  return [{ code: "waiver-ignored", text, numbers }];
};

// Are conditions on evidence met? Values come from the newest report that has them, findings from
// the newest scans. What is missing or fails waits, since a newer report or a waiver may come.

import { earliest, type Digest, type Instant, type ReleaseId } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { Evidence, EvidenceCondition, FirstSeen, Waiver } from "./evidence.ts";
import { newestReports } from "./finding-tally.ts";
import { judgeDeadlines } from "./judge-deadlines.ts";
import { judgeFindings } from "./judge-findings.ts";
import { judgeProvenance } from "./judge-provenance.ts";
import { judgeValue } from "./judge-value.ts";
import { findingText } from "./sightings.ts";
import { isFindingCount } from "./value-names.ts";
import type { EvidenceSight, Verdict } from "./verdict.ts";
import { timeText, waiversAt } from "./waivers-in-force.ts";

export interface EvidenceAnswer {
  readonly kind: "allow" | "wait";
  /** When a waiver that an `allow` rests on ends, or a finding is due, so that the answer becomes
   * `wait` unless something new is said; null: never. */
  readonly until: Instant | null;
  /** For each condition one that sums up, with its numbers; further ones on waivers and on what
   * reports declare. */
  readonly reasons: readonly Reason[];
}

interface GivenEvidence {
  /** Oldest first. */
  readonly evidence: readonly Evidence[];
  readonly waivers: readonly Waiver[];
  /** Of the release that is asked about. */
  readonly artifact: Digest;
  readonly release: ReleaseId;
  readonly now: Instant;
  /** Of the release's findings; only deadlines look at it. */
  readonly firstSeen?: readonly FirstSeen[] | undefined;
  /** Whose clock tells times beside UTC. */
  readonly zone?: string | null;
}

/** What conditions are judged on at that moment; many may be judged on the same. */
export const sightOf = (given: GivenEvidence): EvidenceSight => ({
  evidence: given.evidence,
  newest: newestReports(given.evidence),
  artifact: given.artifact,
  release: given.release,
  waivers: waiversAt(given.waivers, given.now),
  firstSeen: new Map(given.firstSeen?.map((one) => [findingText(one), one])),
  now: given.now,
  zone: given.zone ?? null,
});

/** All conditions must be met. */
export const judgeEvidence = (
  conditions: readonly EvidenceCondition[],
  given: GivenEvidence | EvidenceSight,
): EvidenceAnswer => {
  const sight = "newest" in given ? given : sightOf(given);
  const verdicts = conditions.map((condition) => judgeOne(condition, sight));
  const reasons = verdicts.flatMap((verdict) => verdict.reasons);
  if (!verdicts.every((verdict) => verdict.met)) return { kind: "wait", until: null, reasons };
  const until = verdicts.reduce<Instant | null>(
    (first, { until }) =>
      until === null ? first : first === null ? until : earliest(first, until),
    null,
  );
  return { kind: "allow", until, reasons };
};

/** A waiver of the name itself stands in for whatever the reports say of it. */
const judgeOne = (condition: EvidenceCondition, sight: EvidenceSight): Verdict => {
  const verdict = verdictOn(condition, sight);
  const { name } = condition;
  const waiver = sight.waivers.inForce.get(name);
  if (verdict.met) {
    const lasts = waiver !== undefined && verdict.until !== null && waiver.until > verdict.until;
    return lasts ? { ...verdict, until: waiver.until } : verdict;
  }
  if (waiver !== undefined) {
    const { owner, reason, until } = waiver;
    const text = `${name} is waived by ${owner} until ${timeText(until)}: ${reason}`;
    const numbers = { name, owner, until };
    const waived = { code: "evidence-waived", text, numbers };
    return { met: true, until, reasons: [...verdict.reasons, waived] };
  }
  const ignored = sight.waivers.ignored.get(name);
  if (ignored === undefined) return verdict;
  const text = `the waiver of ${name} by ${ignored.waiver.owner} does not count: ${ignored.why}`;
  const reason = { code: "waiver-ignored", text, numbers: { name, until: ignored.waiver.until } };
  return { ...verdict, reasons: [...verdict.reasons, reason] };
};

const verdictOn = (condition: EvidenceCondition, sight: EvidenceSight): Verdict => {
  if ("deadlines" in condition) return judgeDeadlines(condition, sight);
  if (isFindingCount(condition.name)) return judgeFindings(condition, sight);
  return judgeProvenance(condition, sight) ?? judgeValue(condition, sight);
};

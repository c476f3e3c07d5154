// The evidence of this very release, as far as it is in force, and the waivers that concern it.

import { judgeEvidence, sightOf } from "../evidence/judge-evidence.ts";
import type { EvidenceCondition, FindingDeadlines, Waiver } from "../evidence/evidence.ts";
import type { EvidenceSight } from "../evidence/verdict.ts";
import { later, type Instant } from "../ids.ts";
import { inForce } from "../standing.ts";
import { boundaries, concerning, judgedOver } from "./request.ts";
import type { AdmissionRequest, Judgement, StandingOf } from "./request.ts";
import type { RuleResult } from "./rule.ts";

type Given = Pick<AdmissionRequest, "rules" | "run" | "standing" | "firstSeen" | "sorted">;

export const judgeEvidenceRule = (
  id: string,
  conditions: readonly EvidenceCondition[],
  given: Given,
  now: Instant,
): RuleResult =>
  judgedOver(id, now, evidenceTimes(conditions, given), (at) => evidenceAt(conditions, given, at));

export const evidenceAt = (
  conditions: readonly EvidenceCondition[],
  given: Given,
  at: Instant,
): Judgement => {
  const sight = given.sorted?.sights.get(at) ?? evidenceSight(given, at);
  given.sorted?.sights.set(at, sight);
  const { kind, reasons } = judgeEvidence(conditions, sight);
  return { kind, reasons };
};

/** What is known of the release at that moment. */
export const evidenceSight = (given: Given, at: Instant): EvidenceSight => {
  const evidence = inForce(reports(given), "evidence", at).map(({ body }) => body.evidence);
  const waivers = inForce(concerning(given, "waiver"), "waiver", at).map(waiverOf);
  const { artifact, id: release } = given.run.plan.release;
  const { firstSeen } = given;
  // Only findings with deadlines are told with times of their own.
  const zone = firstSeen === undefined ? null : zoneOf(given);
  const about = { artifact, release, firstSeen, zone };
  return sightOf({ ...about, evidence, waivers, now: at });
};

/** The clock of the gate's calendar, where it has one. */
const zoneOf = ({ rules }: Given): string | null =>
  rules.flatMap((rule) => (rule.kind === "window" ? [rule.calendar.zone] : []))[0] ?? null;

/** When what it rests on may change by itself. */
export const evidenceTimes = (
  conditions: readonly EvidenceCondition[],
  given: Given,
): readonly Instant[] => {
  const dated = conditions.filter((one) => "deadlines" in one);
  const times = saidTimes(given);
  return dated.length === 0 ? times : [...times, ...dated.flatMap((one) => dueTimes(one, given))];
};

const saidTimes = (given: Given): readonly Instant[] => {
  const known = given.sorted?.times ?? null;
  if (known !== null) return known;
  const times = boundaries([...reports(given), ...concerning(given, "waiver")]);
  if (given.sorted !== undefined) given.sorted.times = times;
  return times;
};

/** Findings of one report share their time, so these are few. */
const dueTimes = (
  { deadlines }: FindingDeadlines,
  { firstSeen = [] }: Given,
): readonly Instant[] => {
  const seen = [...new Set(firstSeen.map(({ at }) => at))];
  return Object.values(deadlines).flatMap((limit) =>
    limit === "nextRelease" ? [] : seen.map((at) => later(at, limit)),
  );
};

/** A report about no release in particular says nothing of this one. */
const reports = (given: Given): readonly StandingOf<"evidence">[] =>
  concerning(given, "evidence").filter(({ release }) => release === given.run.plan.release.id);

const waiverOf = ({ body, until }: StandingOf<"waiver">): Waiver => ({
  what: body.what,
  reason: body.reason,
  owner: body.owner,
  until,
});

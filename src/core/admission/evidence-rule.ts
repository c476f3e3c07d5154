// The evidence of this very release, as far as it is in force, and the waivers that concern it.

import { judgeEvidence, sightOf } from "../evidence/judge-evidence.ts";
import type { EvidenceCondition, Waiver } from "../evidence/evidence.ts";
import type { EvidenceSight } from "../evidence/verdict.ts";
import type { Instant } from "../ids.ts";
import { inForce } from "../standing.ts";
import { boundaries, concerning, judgedOver } from "./request.ts";
import type { AdmissionRequest, Judgement, StandingOf } from "./request.ts";
import type { RuleResult } from "./rule.ts";

type Given = Pick<AdmissionRequest, "run" | "standing" | "sorted">;

export const judgeEvidenceRule = (
  id: string,
  conditions: readonly EvidenceCondition[],
  given: Given,
  now: Instant,
): RuleResult =>
  judgedOver(id, now, evidenceTimes(given), (at) => evidenceAt(conditions, given, at));

export const evidenceAt = (
  conditions: readonly EvidenceCondition[],
  given: Given,
  at: Instant,
): Judgement => {
  const sight = given.sorted?.sights.get(at) ?? sightAt(given, at);
  given.sorted?.sights.set(at, sight);
  const { kind, reasons } = judgeEvidence(conditions, sight);
  return { kind, reasons };
};

const sightAt = (given: Given, at: Instant): EvidenceSight => {
  const evidence = inForce(reports(given), "evidence", at).map(({ body }) => body.evidence);
  const waivers = inForce(concerning(given, "waiver"), "waiver", at).map(waiverOf);
  const { artifact } = given.run.plan.release;
  return sightOf({ evidence, waivers, artifact, now: at });
};

/** When what it rests on may change by itself. */
export const evidenceTimes = (given: Given): readonly Instant[] => {
  const known = given.sorted?.times ?? null;
  if (known !== null) return known;
  const times = boundaries([...reports(given), ...concerning(given, "waiver")]);
  if (given.sorted !== undefined) given.sorted.times = times;
  return times;
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

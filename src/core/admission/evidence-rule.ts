// The evidence of this very release, as far as it is in force, and the waivers that concern it.

import { judgeEvidence } from "../evidence/judge-evidence.ts";
import type { EvidenceCondition, Waiver } from "../evidence/evidence.ts";
import type { Instant } from "../ids.ts";
import { inForce } from "../standing.ts";
import { boundaries, concerning, judgedOver } from "./request.ts";
import type { AdmissionRequest, Judgement, StandingOf } from "./request.ts";
import type { RuleResult } from "./rule.ts";

type Given = Pick<AdmissionRequest, "run" | "standing">;

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
  const evidence = inForce(reports(given), "evidence", at).map(({ body }) => body.evidence);
  const waivers = inForce(concerning(given, "waiver"), "waiver", at).map(waiverOf);
  const { artifact } = given.run.plan.release;
  const { kind, reasons } = judgeEvidence(conditions, { evidence, waivers, artifact, now: at });
  return { kind, reasons };
};

/** When what it rests on may change by itself. */
export const evidenceTimes = (given: Given): readonly Instant[] =>
  boundaries([...reports(given), ...concerning(given, "waiver")]);

/** A report about no release in particular says nothing of this one. */
const reports = (given: Given): readonly StandingOf<"evidence">[] =>
  concerning(given, "evidence").filter(({ release }) => release === given.run.plan.release.id);

const waiverOf = ({ body, until }: StandingOf<"waiver">): Waiver => ({
  what: body.what,
  reason: body.reason,
  owner: body.owner,
  until,
});

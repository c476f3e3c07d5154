// Freezes in force for the lane. An emergency passes them as long as it lasts.

import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import { inForce } from "../standing.ts";
import { reason } from "../steps/step-result.ts";
import { boundaries, concerning, emergencyLasts, judgedOver } from "./request.ts";
import type { AdmissionRequest, Judgement } from "./request.ts";
import type { RuleResult } from "./rule.ts";

type Given = Pick<AdmissionRequest, "run" | "standing" | "sorted">;

export const judgeNoFreeze = (id: string, given: Given, now: Instant): RuleResult => {
  const { emergency } = given.run.origin;
  const end = emergency === null ? [] : [emergency.until];
  return judgedOver(id, now, [...freezeTimes(given), ...end], (at) => noFreezeAt(given, at));
};

const noFreezeAt = (given: Given, at: Instant): Judgement => {
  const reasons = freezesAt(given, at);
  if (reasons.length === 0) {
    return { kind: "allow", reasons: [reason("no-freeze", "no freeze is in force")] };
  }
  return emergencyLasts(given.run, at)
    ? { kind: "allow", reasons: [passes(given.run.origin.by), ...reasons] }
    : { kind: "wait", reasons };
};

export const passes = (by: string): Reason => reason("emergency", `an emergency: ${by} passes it`);

/** One reason for each; none: it is not frozen. */
export const freezesAt = (given: Given, at: Instant): readonly Reason[] =>
  inForce(concerning(given, "freeze"), "freeze", at).map(({ by, body, seq, from, until }) =>
    reason("freeze", `freeze by ${by}: ${body.reason}`, { seq, from, until }),
  );

/** When freezes begin and end. */
export const freezeTimes = (given: Given): readonly Instant[] =>
  boundaries(concerning(given, "freeze"));

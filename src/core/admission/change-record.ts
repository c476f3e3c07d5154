// What change management says of this release: the newest word of it counts.

import type { Instant } from "../ids.ts";
import { inForce } from "../standing.ts";
import { reason } from "../steps/step-result.ts";
import { boundaries, concerning, judgedOver } from "./request.ts";
import type { AdmissionRequest, Judgement, StandingOf } from "./request.ts";
import type { RuleResult } from "./rule.ts";

type Given = Pick<AdmissionRequest, "run" | "standing" | "sorted">;

export const judgeChangeRecord = (id: string, given: Given, now: Instant): RuleResult =>
  judgedOver(id, now, changeTimes(given), (at) => changeRecordAt(given, at));

export const changeTimes = (given: Given): readonly Instant[] => boundaries(records(given));

export const changeRecordAt = (given: Given, at: Instant): Judgement => {
  const newest = inForce(records(given), "changeRecord", at).at(-1)?.body;
  if (newest === undefined) {
    const text = `no change record is known for ${given.run.plan.release.id}`;
    return { kind: "wait", reasons: [reason("change-missing", text)] };
  }
  const numbers = { id: newest.id, url: newest.url };
  switch (newest.state) {
    case "approved":
      return {
        kind: "allow",
        reasons: [reason("change-approved", `change ${newest.id} is approved`, numbers)],
      };
    case "rejected":
      return {
        kind: "deny",
        reasons: [reason("change-rejected", `change ${newest.id} was rejected`, numbers)],
      };
    case "open":
      return {
        kind: "wait",
        reasons: [reason("change-open", `change ${newest.id} is not approved yet`, numbers)],
      };
  }
};

/** A ticket about no release in particular does not stand for this one. */
const records = (given: Given): readonly StandingOf<"changeRecord">[] =>
  concerning(given, "changeRecord").filter(({ release }) => release === given.run.plan.release.id);

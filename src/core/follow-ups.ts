// Checklists that are still to be done when a release has succeeded, and that hold nobody up: its
// run ends and the next release may come, while they stay open with whoever owns them.

import { checklistState } from "./admission/checklists.ts";
import type { ItemState } from "./admission/checklists.ts";
import type { AdmissionRequest } from "./admission/request.ts";
import type { Checklist } from "./admission/rule.ts";
import type { Instant } from "./ids.ts";

export interface FollowUp {
  readonly checklist: Checklist;
  /** What ticks of its items name. */
  readonly step: string;
  /** From when on its items are due: when the release succeeded. */
  readonly since: Instant;
  /** In the order of the list. */
  readonly items: readonly ItemState[];
}

/** What is known of the run; ticks of follow-ups are facts of it, also after its end. */
export type FollowedRun = Pick<
  AdmissionRequest,
  "run" | "facts" | "standing" | "verifiedIn" | "effects"
>;

/** None before it has succeeded, and none where it did not. */
export const followUpsOf = (followed: FollowedRun, now: Instant): readonly FollowUp[] => {
  const { settled, plan } = followed.run;
  if (settled?.outcome !== "succeeded") return [];
  return (plan.followUps ?? []).map((checklist) => {
    const step = followUpStep(checklist);
    const request = { ...followed, step, rules: [], since: settled.at };
    const items = checklistState(checklist, request, now);
    return { checklist, step, since: settled.at, items };
  });
};

export const followUpStep = ({ name }: Pick<Checklist, "name">): string => `follow-up-${name}`;

/** What somebody still has to do. */
export const openItems = ({ items }: FollowUp): readonly ItemState[] =>
  items.filter(({ state }) => state !== "done" && state !== "skipped");

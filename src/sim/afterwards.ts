// What people see to in the days after a success: some of them tick what is still to be done, item
// by item, and not always with what an item asks for.

import type { ChecklistItem } from "../core/admission/rule.ts";
import { followUpStep } from "../core/follow-ups.ts";
import type { Run } from "../core/run.ts";
import type { Commit } from "../ports/store.ts";
import { openFollowUps, tickFollowUp } from "../shell/operations/follow-ups.ts";
import type { Chance } from "./prng.ts";
import { APPROVERS } from "./roster.ts";
import type { Universe } from "./universe.ts";

const SEEN_TO = 0.6;
const ITEM_SEEN_TO = 0.9;

/** To be called with each commit. */
export const afterwards = (
  universe: Universe,
  { before, decision: { run } }: Commit,
  chance: Chance,
): void => {
  const lists = run.plan.followUps ?? [];
  if (before.run.settled !== null || run.settled?.outcome !== "succeeded") return;
  for (const list of lists.filter(({ items }) => items.every(({ check }) => check === null))) {
    if (!chance.hit(SEEN_TO)) continue;
    for (const item of list.items.filter(() => chance.hit(ITEM_SEEN_TO))) {
      const inMs = chance.int(5_000, 90_000);
      universe.time.after(inMs, () => void tick(universe, run, list.name, item, chance));
    }
  }
};

/** Nobody ticks what is not there to be ticked. */
const tick = async (
  { desk, time, journal }: Universe,
  { id: run }: Run,
  name: string,
  { id: item }: ChecklistItem,
  chance: Chance,
): Promise<void> => {
  const open = await openFollowUps(desk, time.now());
  const there = open.some(
    ({ body }) => body.kind === "followUp" && body.run === run && body.checklist.name === name,
  );
  if (!there) return;
  const by = chance.pick(APPROVERS);
  const text = chance.hit(0.9) ? "http://localhost/proof" : "";
  const step = followUpStep({ name });
  await tickFollowUp(desk, { run, by, fact: { kind: "tick", step, item, verdict: "done", text } });
  journal.note(by, () => `ticks ${item} of ${name}, which ${run} left`);
  journal.rare("follow-up ticked");
};

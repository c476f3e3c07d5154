// Follow-ups: opened once a release has succeeded, ticked also after the end of its run, closed by
// the tick that was missing; and told to those who are paged where an item is late.

import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import { followUpsOf, openItems } from "../../core/follow-ups.ts";
import type { FollowUp } from "../../core/follow-ups.ts";
import type { Checklist } from "../../core/admission/rule.ts";
import { SLUICE } from "../../core/ids.ts";
import type { Actor, Instant, RunId } from "../../core/ids.ts";
import type { FactBody } from "../../core/fact.ts";
import type { Release } from "../../core/plan.ts";
import type { Standing } from "../../core/standing.ts";
import type { StoredPass } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";

/** Open lists that are looked at; nobody leaves so many. */
const MOST_OPEN = 1_000;

/** Under an id that follows from the run's: asked for twice, it is there once. */
export const openFollowUp = async (
  desk: Desk,
  { service, environment, run }: EffectKey,
  release: Release,
  checklist: Checklist,
): Promise<EffectOutcome> => {
  const at = desk.world.now();
  const { seq } = await desk.standing.add({
    id: `follow-up-${run}-${checklist.name}`,
    by: SLUICE,
    at,
    from: at,
    until: null,
    release: release.id,
    service,
    environment,
    body: { kind: "followUp", run, checklist },
  });
  return { kind: "applied", detail: String(seq) };
};

/** Newest first. */
export const openFollowUps = (desk: Pick<Desk, "standing">, at: Instant) =>
  desk.standing.list({
    kind: "followUp",
    release: null,
    service: null,
    environment: null,
    at,
    limit: MOST_OPEN,
  });

/** Records the word, and closes the list that nothing is missing from any more. */
export const tickFollowUp = async (
  desk: Desk,
  { run, by, fact }: { readonly run: RunId; readonly by: Actor; readonly fact: FactBody },
): Promise<void> => {
  const at = desk.world.now();
  await desk.runs.say(run, by, at, fact);
  const stored = await desk.runs.load(run);
  if (stored === null) return;
  const standing = await openFollowUps(desk, at);
  await closeDone(desk, stored, standing, { by, at });
};

const closeDone = async (
  desk: Desk,
  stored: StoredPass,
  standing: readonly Standing[],
  { by, at }: { readonly by: Actor; readonly at: Instant },
): Promise<void> => {
  for (const one of followUpsOf(stored, at)) {
    const open = standing.find((fact) => isOf(fact, stored.run.id, one));
    if (open === undefined || openItems(one).length > 0) continue;
    await desk.standing.end(open.seq, by, at, `all ${one.items.length} items are seen to`);
  }
};

const isOf = ({ body }: Standing, run: RunId, { checklist }: FollowUp): boolean =>
  body.kind === "followUp" && body.run === run && body.checklist.name === checklist.name;

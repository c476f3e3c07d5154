// One pass of one run: observe → decide → commit → act → record. Committed before anything is done,
// so a crash leaves an intention that the next pass finds; doubled and late passes are harmless.

import { DECISION_CHECKS, broken } from "../core/checks.ts";
import { decide, observedGeneration } from "../core/decide.ts";
import type { EffectKey, EffectOutcome, LevelEffect } from "../core/effect.ts";
import { isOnce } from "../core/effect.ts";
import type { RunId } from "../core/ids.ts";
import type { Answer } from "../core/snapshot.ts";
import type { StoredPass } from "../ports/store.ts";
import { observe } from "./observe.ts";
import type { ShellParts } from "./parts.ts";

/** No decision of this pass was committed, so it set no wake-up: the queue must bring it again. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}

type Round =
  | { readonly kind: "rest" | "conflict" }
  /** Something was ordered, and is worth a look at once. */
  | { readonly kind: "ordered"; readonly answers: readonly Answer[] };

/** Looks again at once while there was something to order at target or router, and where it lost a
 * compare-and-set: the winner may have been another run of the lane. Throws Undecided where it came
 * to no decision. */
export const pass = async (parts: ShellParts, id: RunId, signal: AbortSignal): Promise<void> => {
  let last: Round = { kind: "conflict" };
  for (let round = 0; round < parts.limits.rounds && !signal.aborted; round += 1) {
    const stored = await parts.runs.load(id);
    if (stored === null || stored.run.state.kind === "ended") return;
    last = await once(parts, stored, last.kind === "ordered" ? last.answers : [], signal);
    if (last.kind === "rest") return;
  }
  if (last.kind === "conflict") throw new Undecided(`a pass of ${id} came to no decision`);
};

const once = async (
  parts: ShellParts,
  stored: StoredPass,
  answers: readonly Answer[],
  signal: AbortSignal,
): Promise<Round> => {
  const snapshot = await observe(parts, stored, answers, signal);
  const { takenAt: at } = snapshot;
  const decision = decide(stored.run, snapshot, at);
  const committed = await parts.runs.commit({
    before: stored,
    decision,
    observedGeneration: observedGeneration(snapshot),
    at,
  });
  if (committed.kind === "conflict") return { kind: "conflict" };
  const view = { run: stored.run, snapshot, decision };
  parts.onPass({
    run: committed.run,
    tookMs: parts.world.now() - at,
    events: decision.events,
    broken: broken(DECISION_CHECKS, view),
  });
  const given: Answer[] = [];
  for (const effect of committed.effects) {
    const { key, body } = effect;
    if (!isOnce(body)) given.push({ to: body.kind, outcome: await act(parts, key, body, signal) });
  }
  return given.length > 0 ? { kind: "ordered", answers: given } : { kind: "rest" };
};

/** Whether it was carried out is seen by looking, not by believing the answer. */
const act = (
  parts: ShellParts,
  key: EffectKey,
  body: LevelEffect,
  signal: AbortSignal,
): Promise<EffectOutcome> => {
  const deadline = parts.world.deadline(parts.limits.actMs, signal);
  return body.kind === "apply"
    ? parts.target.apply(key, body.spec, deadline)
    : parts.router.route(key, body.weights, body.route, deadline);
};

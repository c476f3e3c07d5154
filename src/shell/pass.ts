// One pass of one run: observe → decide → commit → act → record. Committed before anything is done,
// so a crash leaves an intention that the next pass finds; doubled and late passes are harmless.

import { DECISION_CHECKS, broken } from "../core/checks.ts";
import { decide, observedGeneration } from "../core/decide.ts";
import type { Effect } from "../core/effect.ts";
import { effectId, isOnce } from "../core/effect.ts";
import type { RunId } from "../core/ids.ts";
import type { StoredPass } from "../ports/store.ts";
import { messageOf, observe } from "./observe.ts";
import type { ShellParts } from "./parts.ts";

/** No decision of this pass was committed, so it set no wake-up: the queue must bring it again. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}

type Round = "ordered" | "rest" | "conflict";

/** Looks again at once while there was something to order at target or router, and where it lost a
 * compare-and-set: the winner may have been another run of the lane. Throws Undecided where it came
 * to no decision. */
export const pass = async (parts: ShellParts, id: RunId, signal: AbortSignal): Promise<void> => {
  let last: Round = "conflict";
  for (let round = 0; round < parts.limits.rounds && !signal.aborted; round += 1) {
    const stored = await parts.runs.load(id);
    if (stored === null || stored.run.state.kind === "ended") return;
    last = await once(parts, stored, signal);
    if (last === "rest") return;
  }
  if (last === "conflict") throw new Undecided(`a pass of ${id} came to no decision`);
};

const once = async (
  parts: ShellParts,
  stored: StoredPass,
  signal: AbortSignal,
): Promise<Round> => {
  const now = parts.world.now();
  const snapshot = await observe(parts, stored, now, signal);
  const decision = decide(stored.run, snapshot, now);
  const committed = await parts.runs.commit({
    before: stored,
    decision,
    observedGeneration: observedGeneration(snapshot),
    at: now,
  });
  if (committed.kind === "conflict") return "conflict";
  const view = { run: stored.run, snapshot, decision };
  parts.onPass({
    run: committed.run,
    tookMs: parts.world.now() - now,
    broken: broken(DECISION_CHECKS, view),
  });
  const orders = committed.effects.filter((effect) => !isOnce(effect.body));
  for (const order of orders) await act(parts, order, signal);
  return orders.length > 0 ? "ordered" : "rest";
};

/** What comes of an order is seen by looking, not by believing the answer; only its absence of
 * effect would be news, and the next look finds that too. */
const act = async (parts: ShellParts, effect: Effect, signal: AbortSignal): Promise<void> => {
  const deadline = parts.world.deadline(parts.limits.actMs, signal);
  const { key, body } = effect;
  try {
    if (body.kind === "apply") await parts.target.apply(key, body.spec, deadline);
    else if (body.kind === "route") {
      await parts.router.route(key, body.weights, body.route, deadline);
    }
  } catch (error) {
    throw new Error(`order ${effectId(key)} broke its driver: ${messageOf(error)}`, { cause: error });
  }
};

// Trouble at the worst moment: what would take thousands of seeds to happen by chance between a
// decision and its consequences is made to happen there, now and then.

import type { Effect } from "../core/effect.ts";
import { isOnce } from "../core/effect.ts";
import type { Commit } from "../ports/store.ts";
import { reachedStep } from "./reached.ts";
import { afterwards } from "./afterwards.ts";
import { regret } from "./regret.ts";
import { staleRollback } from "./stale-rollbacks.ts";
import type { Universe } from "./universe.ts";
import type { Life } from "./wire.ts";

/** To be called with each commit, before its replica goes on. */
export const ambush = (
  universe: Universe,
  life: Life,
  commit: Commit,
  effects: readonly Effect[],
): void => {
  const { before, decision } = commit;
  const { faults, journal, router, target, time, worst, words } = universe;
  const orders = effects.some(({ body }) => !isOnce(body));
  if (orders && faults.possible("killAfter") && worst.hit(0.08)) life.end("after commit");
  if (orders && !life.alive) journal.rare("kill between commit and act");
  const step = reachedStep(decision.run);
  const entered = step !== null && step.id !== reachedStep(before.run)?.id;
  if (step?.kind === "shift" && faults.on("routerLost") && !router.lost() && worst.hit(0.1)) {
    router.lose();
    journal.note("world", () => "the router is lost");
    time.after(worst.int(100, 15_000), router.find);
  }
  if (entered && decision.run.weight > 0 && faults.on("instanceDeath") && worst.hit(0.1)) {
    const died = target.kill(worst.int(1, 5));
    if (died > 0 && decision.run.weight === 1000) journal.rare("instance death at full traffic");
  }
  if (entered && !faults.healed()) words(decision.run);
  regret(universe, commit, worst);
  staleRollback(universe, commit);
  afterwards(universe, commit, worst);
};

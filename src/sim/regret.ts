// Somebody regrets a train that has settled, mostly, and takes it back as one.

import type { Actor } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Run } from "../core/run.ts";
import type { RollbackTier } from "../core/step.ts";
import { takesTrainBack } from "../core/train/train-back.ts";
import type { Commit } from "../ports/store.ts";
import { rollBack as rollBackByHand } from "../shell/operations/roll-back.ts";
import type { Chance } from "./prng.ts";
import { CAREFUL } from "./roster.ts";
import type { Universe } from "./universe.ts";

const REGRETS = 0.7;

/** To be called with each commit. */
export const regret = (universe: Universe, { before, decision }: Commit, chance: Chance): void => {
  const { run } = decision;
  const settles = before.run.settled === null && run.settled?.outcome === "succeeded";
  if (run.plan.strategy !== "train" || !settles || takesTrainBack(run.plan)) return;
  if (!chance.hit(REGRETS)) return;
  const tier = chance.pick([null, "immediate", "gradual", "full"] as const);
  const inMs = chance.int(0, 20_000);
  universe.regretted.add(run.id);
  universe.time.after(inMs, () => void takeBack(universe, run, tier, chance.pick(CAREFUL)));
};

const takeBack = async (
  { desk, journal, regretted }: Universe,
  { id, service, environment }: Run,
  tier: RollbackTier | null,
  by: Actor,
): Promise<void> => {
  try {
    const reason = "the basket is empty";
    await rollBackByHand(desk, { service, environment, by, reason, to: null, tier });
    journal.note(by, () => `takes ${service} back from ${environment}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    journal.rare(`train not taken back: ${error.code}`);
  } finally {
    regretted.delete(id);
  }
};

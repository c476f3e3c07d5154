// Some playbooks of a seed have shares for the way back, a verification behind it, and a promised
// time for each tier. A stream of their own draws them: what else a seed has stays as it is.

import type { Definitions, Playbook, RollbackPolicy } from "../core/playbook.ts";
import type { Chance } from "./prng.ts";
import type { Scenario } from "./scenario.ts";

const SHARES_CHANCE = 0.4;
const VERIFY_CHANCE = 0.4;
const TIMES_CHANCE = 0.4;

export const withReturns = (scenario: Scenario, chance: Chance): Scenario => {
  const drawn = new Map<Definitions, Definitions>();
  const changed = (definitions: Definitions): Definitions => {
    const known = drawn.get(definitions);
    if (known !== undefined) return known;
    const playbooks = definitions.playbooks.map((one) => returning(one, chance));
    const fresh = { ...definitions, playbooks };
    drawn.set(definitions, fresh);
    return fresh;
  };
  const arrivals = scenario.arrivals.map((one) => ({
    ...one,
    definitions: changed(one.definitions),
  }));
  return { ...scenario, arrivals };
};

const returning = (playbook: Playbook, chance: Chance): Playbook => {
  const rollback = {
    ...playbook.rollback,
    ...(chance.hit(SHARES_CHANCE) ? shares(chance) : {}),
    ...(chance.hit(VERIFY_CHANCE) ? verification(chance) : {}),
  };
  return {
    ...playbook,
    rollback: { ...rollback, ...(chance.hit(TIMES_CHANCE) ? times(rollback, chance) : {}) },
  };
};

const times = (
  { withinMs, tier }: RollbackPolicy,
  chance: Chance,
): Pick<RollbackPolicy, "withinMs" | "tierWithinMs"> => {
  const gradual = withinMs + chance.int(0, 120) * 1000;
  const tierWithinMs = {
    immediate: withinMs,
    gradual,
    full: gradual + chance.int(0, 300) * 1000,
  };
  return { withinMs: tierWithinMs[tier], tierWithinMs };
};

/** Some do not fit into the promised minute. */
const shares = (chance: Chance): Pick<RollbackPolicy, "tier" | "traffic"> => ({
  tier: "gradual",
  traffic: {
    shares: chance.pick([[500, 100], [600, 300, 50], [200], [40, 10], [4]]),
    bakeMs: chance.pick([0, 2, 5, 10, 20, 30]) * 1000,
  },
});

const verification = (chance: Chance): Pick<RollbackPolicy, "verify"> => ({
  verify: {
    paths: ["/"],
    through: chance.pick(["instances", "router"]),
    initialWaitMs: chance.int(0, 2000),
    attempts: chance.int(1, 3),
    intervalMs: chance.int(500, 3000),
    timeoutMs: 2000,
  },
});

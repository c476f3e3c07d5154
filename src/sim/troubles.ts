// What goes wrong in the world by itself: instances die, the router is lost, measuring freezes.

import { SLOTS } from "../core/lane.ts";
import type { Chance } from "./prng.ts";
import { reachedStep } from "./reached.ts";
import type { Universe } from "./universe.ts";

export const troubles = (universe: Universe, chance: Chance): void => {
  const { time, faults, target, router, metrics, journal, ledger } = universe;
  const fullTraffic = (): boolean =>
    [...ledger.runs.values()].some(
      ({ weight, state }) => weight === 1000 && state.kind === "forward",
    );
  const often = chance.pick([10, 30, 90]);
  const again = (what: () => void): void => {
    time.after(chance.int(1, often) * 1000, () => {
      if (faults.healed()) return;
      what();
      again(what);
    });
  };
  again(() => {
    if (!faults.on("instanceDeath")) return;
    const died = target.kill(chance.int(1, 3));
    journal.note("world", () => `${died} instances die`);
    if (died > 0 && fullTraffic()) journal.rare("instance death at full traffic");
  });
  again(() => {
    if (!faults.on("routerLost") || router.lost()) return;
    router.lose();
    journal.note("world", () => "the router is lost");
    time.after(chance.int(1, 40) * 1000, () => {
      router.find();
      journal.note("world", () => "the router is back");
    });
  });
  for (const [trouble, part] of [
    ["targetLost", "target"],
    ["databaseLost", "database"],
  ] as const) {
    again(() => {
      if (!faults.on(trouble) || universe.absent.has(part)) return;
      universe.absent.add(part);
      journal.rare(`${part} away`);
      journal.note("world", () => `the ${part} is away`);
      time.after(chance.int(1, 30) * 1000, () => {
        universe.absent.delete(part);
        journal.note("world", () => `the ${part} is back`);
      });
    });
  }
  again(() => {
    if (faults.on("meddling")) meddle(universe, chance);
  });
  again(() => {
    if (!faults.on("freeze") || metrics.frozen() !== null) return;
    const how = chance.pick(["error", "empty"] as const);
    metrics.freeze(how);
    journal.note("world", () => `metrics freeze: ${how}`);
    time.after(chance.int(3, 120) * 1000, () => {
      metrics.thaw();
      journal.note("world", () => "metrics thaw");
    });
  });
};

/** Moves traffic between two slots that are both up, while a run watches over it and is not looking
 * just now: what was changed between its look and its word nobody could answer for. */
const meddle = (universe: Universe, chance: Chance): void => {
  const { ledger, router, target, journal, atWork } = universe;
  for (const run of ledger.runs.values()) {
    const { slots, state, settled } = run;
    const moving = state.kind === "forward" || state.kind === "back";
    if (!moving || settled !== null || slots === null || slots.stable === slots.candidate) continue;
    if (atWork(run.id) || reachedStep(run)?.kind === "retire") continue;
    if (SLOTS.some((slot) => target.ready(run, slot) === 0)) continue;
    const blue = chance.int(0, 1000);
    router.meddle(run, { blue, green: 1000 - blue });
    journal.note("somebody", () => `sets blue to ${blue} ‰`);
  }
};

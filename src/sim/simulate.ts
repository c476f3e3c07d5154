// One seed from its beginning to its end: chaos, then healing, then people who answer what waits for
// them, then quiet; and the verdict.

import { later, type DurationMs, type Instant } from "../core/ids.ts";
import { beginEntries } from "../shell/operations/begin.ts";
import { NO_BUG, type Bug } from "./bugs.ts";
import { waitsForPerson, notYet, nowhereToGo } from "./converged.ts";
import { createUniverse } from "./create.ts";
import { pump } from "./pump.ts";
import { unfinished } from "./reached.ts";
import { SERVICE } from "./roster.ts";
import { BEGINNING } from "./timeline.ts";
import { troubles } from "./troubles.ts";

export interface Verdict {
  readonly seed: number;
  /** Empty: the seed passed. */
  readonly failures: readonly string[];
  /** Equal for equal seeds and equal code. */
  readonly hash: string;
  readonly events: number;
  readonly passes: number;
  readonly virtualMs: DurationMs;
  readonly counts: ReadonlyMap<string, number>;
}

export interface SimulateOptions {
  readonly bug?: Bug;
  readonly print?: (line: string) => void;
}

const CALM_MS = 45_000;
/** Every run of a healed world is through within this time… */
const CONVERGE_MS = 5_400_000;
/** …and this many passes. */
const CONVERGE_PASSES = 20_000;
const LOOK_EVERY_MS = 5_000;
/** Longer than the latest of late deliveries. */
const QUIET_MS = 100_000;
/** How often somebody answers what waits for a person until it is an endless story. */
const CARES = 60;

export const simulate = async (seed: number, options: SimulateOptions = {}): Promise<Verdict> => {
  const world = createUniverse(seed, options.bug ?? NO_BUG, options.print ?? null);
  const { universe, fleet, people, chance } = world;
  const { time, faults, scenario, oracle, journal, router, metrics } = universe;
  const drained = pump();
  let passesAtHeal = 0;

  /** Runs on until then, or until something is broken. */
  const until = async (end: Instant): Promise<void> => {
    while (oracle.failures.length === 0 && time.advance(end)) {
      await drained();
      await oracle.look();
    }
  };

  const converge = async (): Promise<string | null> => {
    const deadline = later(time.now(), CONVERGE_MS);
    for (;;) {
      const open = await notYet(universe);
      if (open === null || oracle.failures.length > 0) return null;
      if (time.now() >= deadline) return `still not there after ${CONVERGE_MS / 60_000} min: ${open}`;
      if (fleet.passes() - passesAtHeal > CONVERGE_PASSES) return `too many passes: ${open}`;
      await until(later(time.now(), LOOK_EVERY_MS));
    }
  };

  const settle = async (): Promise<string | null> => {
    for (let care = 0; care < CARES && oracle.failures.length === 0; care += 1) {
      const open = await converge();
      if (open !== null) return open;
      if (!(await waiting())) return null;
      await people.care();
      await drained();
      await until(later(time.now(), LOOK_EVERY_MS));
    }
    return oracle.failures.length > 0 ? null : "people answered and answered, and it never ended";
  };

  /** True while somebody's word can still move a run. */
  const waiting = async (): Promise<boolean> => {
    for (const run of [...universe.ledger.runs.values()].filter(unfinished)) {
      const lane = await universe.store.lanes.get(run);
      if (waitsForPerson(run) && !nowhereToGo(run, lane)) return true;
    }
    return false;
  };

  fleet.start();
  for (const arrival of scenario.arrivals) {
    time.after(arrival.afterMs, () => {
      world.arrive(arrival);
      journal.note("release", () => `${arrival.release.id} arrives: ${arrival.kind}`);
      void beginEntries(universe.desk, SERVICE, arrival.release);
    });
  }
  if (!scenario.calmStart) faults.begin();
  time.after(CALM_MS, () => faults.begin());
  troubles(universe, chance("troubles"));
  people.start();
  await until(later(BEGINNING, scenario.chaosMs));
  faults.heal();
  metrics.thaw();
  router.find();
  journal.note("world", () => "heals");
  passesAtHeal = fleet.passes();
  const open = await settle();
  if (open === null) {
    await until(later(time.now(), QUIET_MS));
    const moved = await notYet(universe);
    if (moved !== null && oracle.failures.length === 0) oracle.broke({ name: "stays-converged", sentence: moved });
  } else oracle.broke({ name: "converges", sentence: open });
  await oracle.audit();
  return {
    seed,
    failures: oracle.failures,
    hash: journal.hash(),
    events: time.count(),
    passes: fleet.passes(),
    virtualMs: time.now() - BEGINNING,
    counts: journal.counts,
  };
};



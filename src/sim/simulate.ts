// One seed from its beginning to its end: chaos, then healing, then people who answer what waits
// for them, then quiet; and the verdict.

import { later, type DurationMs, type Instant } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import { serviceOf } from "../core/train/train-plan.ts";
import { beginEntries, deploy } from "../shell/operations/begin.ts";
import { alarms } from "./alarms.ts";
import { NO_BUG, type Bug } from "./bugs.ts";
import { waitsForPerson, notYet, nowhereToGo } from "./converged.ts";
import { createUniverse, type Creation } from "./create.ts";
import { pump } from "./pump.ts";
import { unfinished } from "./reached.ts";
import { AUTHOR, PRODUCTION, TRAIN } from "./roster.ts";
import type { Arrival } from "./scenario.ts";
import { BEGINNING } from "./timeline.ts";
import { troubles } from "./troubles.ts";
import type { Universe } from "./universe.ts";

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
  const created = createUniverse(seed, options.bug ?? NO_BUG, options.print ?? null);
  const { universe, fleet, people } = created;
  const { time, faults, scenario, oracle, journal, router, metrics } = universe;
  const course: Course = { ...created, drained: pump(), healedAtPass: 0 };
  setTheScene(created);
  await until(course, later(BEGINNING, scenario.chaosMs));
  faults.heal();
  metrics.thaw();
  router.find();
  journal.note("world", () => "heals");
  await people.lift();
  course.healedAtPass = fleet.passes();
  const open = await settle(course);
  if (open !== null) oracle.broke({ name: "converges", sentence: open });
  await until(course, later(time.now(), QUIET_MS));
  const moved = oracle.failures.length > 0 ? null : await notYet(universe);
  if (moved !== null) oracle.broke({ name: "stays-converged", sentence: moved });
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

interface Course extends Creation {
  /** Everything that can run has run, and waits. */
  readonly drained: () => Promise<void>;
  healedAtPass: number;
}

/** Releases arrive, trouble begins, people come to work. */
const setTheScene = (created: Creation): void => {
  const { universe, fleet, people, arrive, chance } = created;
  const { time, faults, scenario, journal } = universe;
  fleet.start();
  for (const arrival of scenario.arrivals) {
    const { release, kind, afterMs } = arrival;
    time.after(afterMs, () => {
      arrive(arrival);
      journal.note("release", () => `${release.id} arrives: ${kind}`);
      void beginWith(created, arrival);
    });
  }
  time.after(scenario.calmStart ? CALM_MS : 0, faults.begin);
  troubles(universe, chance("troubles"));
  alarms(universe, chance("monitoring"));
  people.start();
};

const beginWith = async ({ universe }: Creation, { release, begins }: Arrival): Promise<void> => {
  const { desk, journal } = universe;
  if (begins === undefined) await beginEntries(desk, serviceOf(release.id), release);
  if (begins !== "train") return;
  const asked = { service: TRAIN, environment: PRODUCTION, by: AUTHOR, reason: null };
  try {
    await deploy(desk, { ...asked, release: release.id, emergency: false, supersede: false });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    journal.rare(`refused ${error.code}`);
  }
};

/** Runs on until then, or until something is broken. */
const until = async ({ universe, drained }: Course, end: Instant): Promise<void> => {
  const { oracle, time } = universe;
  while (oracle.failures.length === 0 && time.advance(end)) {
    await drained();
    const looking = oracle.look();
    if (looking !== null) await looking;
  }
};

/** People answer what waits for them until nothing waits. Null: all is well, or already broken. */
const settle = async (course: Course): Promise<string | null> => {
  const { universe, people, drained } = course;
  for (let care = 0; care < CARES; care += 1) {
    const open = await converge(course);
    if (open !== null) return open;
    if (universe.oracle.failures.length > 0 || !(await canBeMoved(universe))) return null;
    await people.care();
    await drained();
    await until(course, later(universe.time.now(), LOOK_EVERY_MS));
  }
  return "people answered and answered, and it never ended";
};

const converge = async (course: Course): Promise<string | null> => {
  const { universe, fleet, healedAtPass } = course;
  const { time, oracle } = universe;
  const deadline = later(time.now(), CONVERGE_MS);
  for (;;) {
    const open = await notYet(universe);
    if (open === null || oracle.failures.length > 0) return null;
    if (time.now() >= deadline) return `not there after ${CONVERGE_MS / 60_000} min: ${open}`;
    if (fleet.passes() - healedAtPass > CONVERGE_PASSES) return `too many passes: ${open}`;
    await until(course, later(time.now(), LOOK_EVERY_MS));
  }
};

/** True while somebody's word can still move a run. */
const canBeMoved = async (universe: Universe): Promise<boolean> => {
  const { ledger, store } = universe;
  for (const run of [...ledger.runs.values()].filter(unfinished)) {
    const lane = await store.lanes.get(run);
    if (waitsForPerson(run) && !nowhereToGo(universe, run, lane)) return true;
  }
  return false;
};

// Puts a seed's parts together.

import { seal } from "../core/compile.ts";
import type { DurationMs, ReleaseId } from "../core/ids.ts";
import type { LaneKey } from "../core/lane.ts";
import type { Plan } from "../core/plan.ts";
import type { Definitions } from "../core/playbook.ts";
import type { Catalog, Desk } from "../shell/operations/desk.ts";
import { withBackups } from "./backups.ts";
import { book, type Book } from "./book.ts";
import type { Bug } from "./bugs.ts";
import { memoryStore, type MemoryStore } from "../drivers/memory/store.ts";
import type { MemoryOptions } from "../drivers/memory/state.ts";
import { named } from "./commit-checks.ts";
import { deadlines, type Deadlines } from "./deadlines.ts";
import { faults } from "./faults.ts";
import { fleet, type Fleet } from "./fleet.ts";
import { journal } from "./journal.ts";
import { ledger, type Ledger } from "./ledger.ts";
import { oracle } from "./oracle.ts";
import { people, type People } from "./people.ts";
import { chance, type Chance } from "./prng.ts";
import { withReturns } from "./returns.ts";
import { scenario, type Arrival } from "./scenario.ts";
import { withTrains } from "./trains.ts";
import { timeline, type Timeline } from "./timeline.ts";
import type { Universe } from "./universe.ts";
import { wire } from "./wire.ts";
import { inShortDays } from "./short-days.ts";
import { simMetrics } from "./world/metrics.ts";
import type { QualityOf } from "./world/quality.ts";
import { simRouter } from "./world/router.ts";
import { simTarget } from "./world/target.ts";
import { simDatabases } from "./world/databases.ts";
import { simTasks } from "./world/tasks.ts";

export interface Creation {
  readonly universe: Universe;
  readonly fleet: Fleet;
  readonly people: People;
  /** The stream of this name. */
  chance(name: string): Chance;
  /** The release exists, and what came with it is in force. */
  arrive(arrival: Arrival): void;
}

type Print = ((line: string) => void) | null;

export const createUniverse = (seed: number, bug: Bug, print: Print): Creation => {
  const stream = (name: string): Chance => chance(seed, name);
  const whole = (): Universe => universe;
  const here = new Map<ReleaseId, Arrival>();
  let inForce: Definitions | null = null;
  const qualityOf: QualityOf = (release) => {
    const arrival = here.get(release);
    if (arrival === undefined) throw new Error(`${release} never arrived`);
    return arrival.quality;
  };
  const seeded = withReturns(scenario(stream("scenario")), stream("returns"));
  const plain = withTrains(seeded, stream("trains"));
  const setting = withBackups(plain, stream("backups"));
  const time = timeline(stream("time"));
  const outer = { time, journal: journal(time, print), faults: faults(stream("faults")) };
  const due = deadlines(time);
  const kept = ledger();
  const words = book();
  const crew = fleet(whole);
  const staff = people(whole, stream);
  const hooks: MemoryOptions["hooks"] = {
    wake: (run, at) => crew.wake(run, bug.wake(at)),
    pending: crew.pending,
  };
  const store = watched(memoryStore({ audit: setting.audited ? "sealed" : "off", hooks }), {
    kept,
    words,
    withinMs: setting.gateWithinMs,
  });
  const again = (order: string): void =>
    universe.oracle.broke(named("restored-once", `${order} has put the database back twice`));
  const universe: Universe = {
    ...outer,
    ...world({ ...outer, scenario: setting, bug, stream, qualityOf, again }),
    chance: stream("others"),
    deadlines: due,
    wire: wire({ ...outer, chance: stream("wire"), deadlines: due }),
    scenario: setting,
    store,
    ledger: kept,
    book: words,
    oracle: oracle({ universe: whole, nextWake: crew.nextWake, qualityOf }),
    atWork: crew.atWork,
    absent: new Set(),
    regretted: new Set(),
    bug,
    worst: stream("worst"),
    stale: stream("stale"),
    words: staff.interrupt,
    desk: {
      runs: store.runs,
      lanes: store.lanes,
      standing: store.standing,
      catalog: catalog(store, here, () => inForce),
      world: deskWorld(time, due, stream("ids")),
    },
  };
  return {
    universe,
    fleet: crew,
    people: staff,
    chance: stream,
    arrive: (arrival) => {
      here.set(arrival.release.id, arrival);
      inForce = arrival.definitions;
    },
  };
};

type World = Pick<Universe, "target" | "router" | "metrics" | "tasks" | "databases">;

interface WorldOptions extends Pick<Universe, "time" | "faults" | "scenario" | "bug"> {
  readonly stream: (name: string) => Chance;
  readonly qualityOf: QualityOf;
  readonly again: (order: string) => void;
}

const world = ({ time, faults, scenario, bug, stream, qualityOf, again }: WorldOptions): World => {
  const changed = (lane: LaneKey): void => metrics.changed(lane);
  const { fenced } = bug;
  const target = simTarget({ time, chance: stream("target"), qualityOf, changed, fenced });
  const router = simRouter({ ready: target.ready, changed, fenced });
  const { requestsPerSecond } = scenario;
  const metrics = simMetrics({ now: time.now, target, router, qualityOf, requestsPerSecond });
  const failing = (): number => (faults.on("taskFailure") ? TASKS_FAIL : 0);
  const databases = simDatabases(bug.restoresOnce);
  const parts = { chance: stream("tasks"), target, router, failing, databases, again };
  return { target, router, metrics, databases, tasks: simTasks(parts) };
};

const TASKS_FAIL = 0.3;

const deskWorld = (time: Timeline, due: Deadlines, ids: Chance): Desk["world"] => ({
  now: time.now,
  sleep: () => Promise.reject(new Error("nobody at the desk sleeps")),
  deadline: due.after,
  newId: () => ids.next().toString(36).slice(2, 12).padEnd(10, "0"),
});

/** A plan whose gates have no longer than this; null: as it is. No playbook can say it, and nobody
 * simulates a week. */
const impatient = (plan: Plan, withinMs: DurationMs | null): Plan => {
  if (withinMs === null) return plan;
  const { hash: _, ...body } = plan;
  const steps = plan.steps.map((step) => (step.kind === "gate" ? { ...step, withinMs } : step));
  return seal({ ...body, steps });
};

interface Watching {
  readonly kept: Ledger;
  readonly words: Book;
  readonly withinMs: DurationMs | null;
}

/** New runs are entered in the ledger, whoever creates them; what people say in the book. */
const watched = (store: MemoryStore, { kept, words, withinMs }: Watching): MemoryStore => ({
  ...store,
  standing: {
    ...store.standing,
    add: async (given) => {
      const fact = await store.standing.add(given);
      words.stands(fact);
      return fact;
    },
    end: async (...word) => {
      const fact = await store.standing.end(...word);
      if (fact !== null) words.stands(fact);
      return fact;
    },
  },
  runs: {
    ...store.runs,
    create: async (run) => {
      const plan = impatient(inShortDays(run.plan), withinMs);
      const created = await store.runs.create({ ...run, plan });
      kept.created(created);
      return created;
    },
    createAlone: async (run, beside) => {
      const plan = impatient(inShortDays(run.plan), withinMs);
      const made = await store.runs.createAlone({ ...run, plan }, beside);
      if (made.kind === "created") kept.created(made.run);
      return made;
    },
    say: async (...word) => {
      const fact = await store.runs.say(...word);
      if (fact !== null) words.said(fact);
      return fact;
    },
  },
});

const readOnly = (): never => {
  throw new Error("releases and definitions arrive by the scenario");
};

const catalog = (
  { history }: MemoryStore,
  here: ReadonlyMap<ReleaseId, Arrival>,
  inForce: () => Definitions | null,
): Catalog => ({
  addRelease: readOnly,
  apply: readOnly,
  release: async (id) => here.get(id)?.release ?? null,
  releaseIds: async () => [...here.keys()],
  hasArtifact: async () => true,
  definitions: async () => inForce(),
  succeeded: history.succeeded,
  lastPlan: history.lastPlan,
  crossedSince: history.crossedSince,
});

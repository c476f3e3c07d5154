// Everything one seed consists of, as its parts know each other.

import type { RunId } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { MemoryStore } from "../drivers/memory/store.ts";
import type { Desk } from "../shell/operations/desk.ts";
import type { Book } from "./book.ts";
import type { Bug } from "./bugs.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Faults } from "./faults.ts";
import type { Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { Judge } from "./judge.ts";
import type { Chance } from "./prng.ts";
import type { Scenario } from "./scenario.ts";
import type { Timeline } from "./timeline.ts";
import type { Wire } from "./wire.ts";
import type { SimDatabases } from "./world/databases.ts";
import type { SimMetrics } from "./world/metrics.ts";
import type { SimRouter } from "./world/router.ts";
import type { SimTarget } from "./world/target.ts";
import type { SimTasks } from "./world/tasks.ts";

export interface Universe {
  readonly time: Timeline;
  /** For what no other stream decides: ids, latencies of people. */
  readonly chance: Chance;
  readonly deadlines: Deadlines;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly wire: Wire;
  readonly scenario: Scenario;
  readonly store: MemoryStore;
  readonly ledger: Ledger;
  readonly book: Book;
  readonly target: SimTarget;
  readonly router: SimRouter;
  readonly metrics: SimMetrics;
  readonly tasks: SimTasks;
  readonly databases: SimDatabases;
  readonly oracle: Judge;
  /** True while a pass of this run is under way. */
  readonly atWork: (run: RunId) => boolean;
  /** What cannot be reached just now. */
  readonly absent: Set<"target" | "database">;
  /** What has succeeded, and somebody is about to take back. */
  readonly regretted: Set<RunId>;
  readonly bug: Bug;
  /** For trouble at the worst moment. */
  readonly worst: Chance;
  /** For rollbacks that begin long after they were planned. */
  readonly stale: Chance;
  /** Somebody may have a word to say just when a run enters a step. */
  readonly words: (run: Run) => void;
  /** Where people and promotions begin runs: straight at the store. */
  readonly desk: Desk;
}

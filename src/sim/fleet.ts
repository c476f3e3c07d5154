// The replicas and the queue between them: wake-ups and once effects are each delivered at least
// once, sometimes late, sometimes to two at the same time.

import { later, type Instant, type RunId } from "../core/ids.ts";
import { startReplica, type JobEnd, type Replica } from "./replica.ts";
import type { Universe } from "./universe.ts";

export interface Fleet {
  start(): void;
  /** Sets a run's next wake-up; null takes it away. */
  wake(run: RunId, at: Instant | null): void;
  /** A once effect, `run/generation/ordinal`, waits to be carried out. */
  pending(id: string): void;
  /** When the run is looked at next; now, if it is being looked at; null: never. */
  nextWake(run: RunId): Instant | null;
  /** True while a pass of this run is under way. */
  atWork(run: RunId): boolean;
  /** Passes begun so far. */
  passes(): number;
}

const TRY_AGAIN_MS = 1_000;
const NOBODY_THERE_MS = 500;
const WAKE_TAKES_MS = 30;
const EFFECT_TAKES_MS = 50;
const LATEST_MS = 30_000;
const LATE_CHANCE = 0.05;
const TWICE_CHANCE = 0.05;

export const fleet = (universe: () => Universe): Fleet => {
  const wakes = new Map<RunId, Instant>();
  const underWay = new Map<RunId, number>();
  const replicas: Replica[] = [];
  let passes = 0;

  const atWork = (run: RunId): boolean => (underWay.get(run) ?? 0) > 0;

  const someone = (): Replica | null => {
    const able = replicas.filter((replica) => replica.able());
    return able.length === 0 ? null : universe().chance.pick(able);
  };

  const wake = (run: RunId, at: Instant | null): void => {
    const { time, chance, faults } = universe();
    wakes.delete(run);
    if (at === null) return;
    wakes.set(run, at);
    const late = faults.on("lateWake") && chance.hit(LATE_CHANCE);
    const delayMs = chance.int(0, late ? LATEST_MS : WAKE_TAKES_MS);
    time.after(Math.max(0, at - time.now()) + delayMs, () => deliver(run));
  };

  const giveBack = (run: RunId): void => {
    if (!wakes.has(run)) wake(run, later(universe().time.now(), TRY_AGAIN_MS));
  };

  const deliver = (run: RunId): void => {
    const { time, chance, faults, journal } = universe();
    const at = wakes.get(run);
    if (at === undefined || at > time.now()) return;
    const first = someone();
    if (first === null) {
      time.after(NOBODY_THERE_MS, () => deliver(run));
      return;
    }
    wakes.delete(run);
    const twice = faults.on("doubledWake") && chance.hit(TWICE_CHANCE);
    if (twice) journal.rare("doubled wake");
    for (const replica of twice ? [first, someone() ?? first] : [first]) {
      underWay.set(run, (underWay.get(run) ?? 0) + 1);
      passes += 1;
      replica.wake(run, endOf(underWay, run, giveBack));
    }
  };

  const pending = (id: string): void => {
    const { time, chance } = universe();
    time.after(chance.int(0, EFFECT_TAKES_MS), () => {
      const replica = someone();
      const again = (ms: number) => (): void => void time.after(ms, () => pending(id));
      if (replica === null) again(NOBODY_THERE_MS)();
      else replica.effect(id, { done: () => undefined, giveBack: again(TRY_AGAIN_MS) });
    });
  };

  return {
    start: () => {
      const { scenario } = universe();
      for (let one = 1; one <= scenario.replicas; one += 1) {
        replicas.push(startReplica(universe(), `r${one}`));
      }
    },
    wake,
    pending,
    atWork,
    nextWake: (run) => wakes.get(run) ?? (atWork(run) ? universe().time.now() : null),
    passes: () => passes,
  };
};

/** Counts the pass as over once, however often it ends. */
const endOf = (
  underWay: Map<RunId, number>,
  run: RunId,
  giveBack: (run: RunId) => void,
): JobEnd => {
  let open = true;
  const done = (): void => {
    if (open) underWay.set(run, (underWay.get(run) ?? 1) - 1);
    open = false;
  };
  return {
    done,
    giveBack: () => {
      done();
      giveBack(run);
    },
  };
};

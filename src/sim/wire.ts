// The way from one life of a replica to everything outside it. Each call through it is a scheduling
// point: it happens when the seed says, and meets the fault that the seed draws. Calls of a killed
// process still arrive if they had left; nobody hears their answers.

import { later, type DurationMs, type Instant } from "../core/ids.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Journal } from "./journal.ts";
import type { Chance } from "./prng.ts";
import type { Timeline } from "./timeline.ts";

/** From a process's start to its end. */
export interface Life {
  readonly replica: string;
  alive: boolean;
  /** Until then it does nothing and hears nothing, and does not know that time goes by. */
  pausedUntil: Instant;
  end(why: string): void;
}

export interface Call<T> {
  readonly name: string;
  /** What can happen to it. */
  readonly faults: readonly Fault[];
  /** How much likelier than others: orders are few, and what matters most. */
  readonly often: number;
  /** Does it, outside, in this instant. */
  readonly deliver: () => T | Promise<T>;
  /** What the caller gets where it certainly did not happen; may throw. */
  readonly failed: () => T;
  /** What the caller gets where nobody knows; may throw. */
  readonly lost: () => T;
  readonly signal?: AbortSignal | undefined;
}

export interface Wire {
  send<T>(life: Life, call: Call<T>): Promise<T>;
}

interface Options {
  readonly time: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly deadlines: Deadlines;
}

/** How long a driver waits before it calls an answer lost. */
const PATIENCE_MS = 2_000;
const LATEST_MS = 90_000;
const SLOWEST_MS = 15_000;

export const wire = ({ time, chance, faults, journal, deadlines }: Options): Wire => ({
  send: <T>(life: Life, call: Call<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      let open = true;
      const answer = (make: () => T | Promise<T>): void => {
        if (!open || !life.alive) return;
        open = false;
        whenAwake(time, life, settlement(make, resolve, reject));
      };
      /** It happens, whether or not somebody still waits for the answer. */
      const arrive = (): void => {
        if (open && life.alive) answer(call.deliver);
        else unheard(call.deliver);
      };
      const at = (ms: DurationMs, happen: () => void): void => {
        time.after(ms, happen);
      };
      const fault = faults.draw(call.faults, call.often);
      if (fault !== null) journal.rare(`${fault} ${call.name}`);
      journal.call(life.replica, call.name, fault);
      const wayMs = chance.hit(0.05) ? chance.int(5, 60) : chance.int(0, 3);
      const slowMs = fault === "slow" ? chance.int(500, SLOWEST_MS) : wayMs;
      if (call.signal !== undefined) {
        const over = later(time.now(), fault === null ? wayMs : LATEST_MS);
        deadlines.before(call.signal, over, () => answer(call.lost));
      }
      switch (fault) {
        case null:
        case "slow":
          return at(slowMs, arrive);
        case "fails":
          return at(wayMs, () => answer(call.failed));
        case "lostReply":
          at(wayMs, () => unheard(call.deliver));
          return at(PATIENCE_MS, () => answer(call.lost));
        case "late":
          at(PATIENCE_MS, () => answer(call.lost));
          return at(chance.int(PATIENCE_MS, LATEST_MS), () => unheard(call.deliver));
        case "twice":
          at(wayMs, arrive);
          return at(chance.int(0, LATEST_MS), () => unheard(call.deliver));
        case "killBefore":
          return at(wayMs, () => life.end(`before ${call.name}`));
        case "killAfter":
          return at(wayMs, () => {
            unheard(call.deliver);
            life.end(`after ${call.name}`);
          });
      }
    }),
});

/** Happens now outside; is heard of when it is called. */
const settlement = <T>(
  make: () => T | Promise<T>,
  resolve: (value: T | Promise<T>) => void,
  reject: (error: unknown) => void,
): (() => void) => {
  try {
    const made = make();
    if (made instanceof Promise) made.catch(() => undefined);
    return () => resolve(made);
  } catch (error) {
    return () => reject(error);
  }
};

/** A paused process hears of it once it goes on; a dead one never. */
export const whenAwake = (time: Timeline, life: Life, hear: () => void): void => {
  if (!life.alive) return;
  const pauseMs = life.pausedUntil - time.now();
  if (pauseMs <= 0) hear();
  else time.after(pauseMs, () => whenAwake(time, life, hear));
};

/** Nobody waits for it any more: its answer goes nowhere, and its refusal neither. */
const unheard = (deliver: () => unknown): void => {
  try {
    const result = deliver();
    if (result instanceof Promise) result.catch(() => undefined);
  } catch {
    // A look that failed, which nobody hears of.
  }
};

// The virtual clock and everything that is going to happen. Events at one instant happen in an
// order that the seed draws; between two of them the code under test runs until it waits again.

import { instant, type DurationMs, type Instant } from "../core/ids.ts";
import type { Chance } from "./prng.ts";

export interface Timeline {
  now(): Instant;
  /** Happens this much later than now. The answer takes it back, unless it has happened. */
  after(ms: DurationMs, happen: () => void): () => void;
  /** How many events have happened. */
  count(): number;
  /** Takes the next event, sets the clock to it and makes it happen. False: there is none before
   * `until`, and the clock stands at `until`. */
  advance(until: Instant): boolean;
}

interface Event {
  readonly at: number;
  readonly order: number;
  happen: (() => void) | null;
}

/** Where simulated time begins: 2026-01-01T00:00:00Z. */
export const BEGINNING = instant(1_767_225_600_000);

export const timeline = (chance: Chance): Timeline => {
  const heap: Event[] = [];
  let now: Instant = BEGINNING;
  let count = 0;
  return {
    now: () => now,
    count: () => count,
    after: (ms, happen) => {
      const event: Event = { at: now + ms, order: chance.next(), happen };
      push(heap, event);
      return () => {
        event.happen = null;
      };
    },
    advance: (until) => {
      for (;;) {
        const next = heap[0];
        if (next === undefined || next.at > until) {
          now = until;
          return false;
        }
        pop(heap);
        const { happen } = next;
        if (happen === null) continue;
        next.happen = null;
        now = instant(Math.max(now, next.at));
        count += 1;
        happen();
        return true;
      }
    },
  };
};

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

const push = (heap: Event[], event: Event): void => {
  let hole = heap.length;
  heap.push(event);
  while (hole > 0) {
    const above = (hole - 1) >> 1;
    const parent = heap[above] as Event;
    if (before(parent, event)) break;
    heap[hole] = parent;
    hole = above;
  }
  heap[hole] = event;
};

const pop = (heap: Event[]): void => {
  const last = heap.pop() as Event;
  const size = heap.length;
  if (size === 0) return;
  let hole = 0;
  for (;;) {
    let below = 2 * hole + 1;
    if (below >= size) break;
    if (below + 1 < size && before(heap[below + 1] as Event, heap[below] as Event)) below += 1;
    const child = heap[below] as Event;
    if (before(last, child)) break;
    heap[hole] = child;
    hole = below;
  }
  heap[hole] = last;
};

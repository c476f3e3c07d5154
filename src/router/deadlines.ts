// Deadlines of everything in flight, looked at by one clock: a timer for each request would cost
// more than all the rest of its bookkeeping. A deadline fires at most one tick late.

import { DEADLINE_TICK_MS } from "./limits.ts";

/** Something with a deadline, in milliseconds of performance.now(). */
export interface Expiring {
  readonly deadline: number;
  /** Called once the deadline has passed; must leave the set or set a later one. */
  expire(): void;
}

export class Deadlines {
  readonly #expiring = new Set<Expiring>();
  #clock: NodeJS.Timeout | null = null;

  get size(): number {
    return this.#expiring.size;
  }

  add(expiring: Expiring): void {
    this.#expiring.add(expiring);
    this.#clock ??= setInterval(() => this.#tick(), DEADLINE_TICK_MS);
  }

  delete(expiring: Expiring): void {
    this.#expiring.delete(expiring);
  }

  #tick(): void {
    if (this.#expiring.size === 0 && this.#clock !== null) {
      clearInterval(this.#clock);
      this.#clock = null;
      return;
    }
    const now = performance.now();
    for (const expiring of this.#expiring) {
      if (expiring.deadline <= now) expiring.expire();
    }
  }
}

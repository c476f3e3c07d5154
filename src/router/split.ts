// Divides requests between the slots by weight, deterministically: after n requests the share of a
// slot is off by less than one request, and yet it does not fall into step with a client that
// repeats itself every so many requests.

import type { SlotName, Weights } from "./spec.ts";

/** Steps by the golden ratio spread evenly over [0, 1) without ever repeating. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Error diffusion with a moving threshold. Green's k-th request is the first n at which
 * n · weight ≥ (k + jitter(k)) · 1000, with jitter in [0, 1): a fixed jitter would send exactly
 * every twentieth request at 5 %, and of a page of twenty requests always the same one.
 */
export class Split {
  #weights: Weights = { blue: 0, green: 0 };
  #due = 0;
  #picks = 1;

  /** Begins anew where the weights are others than before. */
  set(weights: Weights): void {
    if (weights.green === this.#weights.green && weights.blue === this.#weights.blue) return;
    this.#weights = weights;
    this.#due = 0;
  }

  /** Null: both weights are 0. */
  pick(): SlotName | null {
    const { blue, green } = this.#weights;
    if (green === 0) return blue === 0 ? null : "blue";
    if (blue === 0) return "green";
    this.#due += green;
    if (this.#due < ((this.#picks * GOLDEN) % 1) * 1000) return "blue";
    this.#due -= 1000;
    this.#picks += 1;
    return "green";
  }
}

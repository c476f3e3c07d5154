// One slot of a route: its instances, which of them gets the next request, and its statistics.

import type { Endpoint } from "./endpoint.ts";
import type { SlotName } from "./spec.ts";
import { SlotStats } from "./stats.ts";

export type Choice =
  | { readonly kind: "endpoint"; readonly endpoint: Endpoint }
  /** No instance takes requests, or each has as many as it may. */
  | { readonly kind: "none"; readonly reason: "no-endpoint" | "overloaded" };

export class Slot {
  readonly name: SlotName;
  readonly stats = new SlotStats();
  endpoints: readonly Endpoint[] = [];
  /** Taken off the list with requests in flight; some may have finished since. */
  readonly retiring = new Set<Endpoint>();
  #turn = 0;

  constructor(name: SlotName) {
    this.name = name;
  }

  /**
   * The instance with the fewest requests in flight, in turn among equals, passing over those that
   * drain, are full or were `tried` already, and those that could lately not be connected to. When
   * nothing but the last kind is left, the one whose time is up first is tried all the same: a
   * guess that may succeed is better than an error that is certain.
   */
  choose(now: number, tried: Endpoint | null): Choice {
    const count = this.endpoints.length;
    let best: Endpoint | null = null;
    let lastResort: Endpoint | null = null;
    let full = false;
    this.#turn = count === 0 ? 0 : (this.#turn + 1) % count;
    for (let step = 0; step < count; step += 1) {
      const endpoint = this.endpoints[(this.#turn + step) % count];
      if (endpoint === undefined || endpoint.spec.draining || endpoint === tried) continue;
      if (endpoint.isFull) full = true;
      else if (endpoint.isEjected(now)) {
        if (lastResort === null || endpoint.ejectedUntil < lastResort.ejectedUntil)
          lastResort = endpoint;
      } else if (best === null || endpoint.inFlight < best.inFlight) best = endpoint;
    }
    const endpoint = best ?? lastResort;
    if (endpoint !== null) return { kind: "endpoint", endpoint };
    return { kind: "none", reason: full ? "overloaded" : "no-endpoint" };
  }

  /** Instances that take requests and could be connected to when last tried. */
  usable(now: number): number {
    return this.endpoints.filter((endpoint) => !endpoint.spec.draining && !endpoint.isEjected(now))
      .length;
  }
}

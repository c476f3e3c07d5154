// One lane's way through the router as it is now: listener, split, slots, and all that is in
// flight. Changes come from registry.ts only.

import { Deadlines } from "./deadlines.ts";
import { Endpoint } from "./endpoint.ts";
import { Slot } from "./slot.ts";
import { newRoute, SLOTS, type RouteTimeouts, type SavedRoute, type SlotName } from "./spec.ts";
import { Split } from "./split.ts";

export interface Listener {
  /** As configured: `host:port`. */
  readonly listen: string;
  /** Takes no more connections; requests in flight finish. Resolves when all have, or at the
   * deadline, when the rest is cut off. */
  close(deadlineMs: number): Promise<void>;
}

/** Until the first weights come nothing is served; this is only what connections are made with. */
const NO_TIMEOUTS: RouteTimeouts = { connectMs: 1_000, responseMs: 30_000, idleMs: 30_000 };

export class Route {
  readonly name: string;
  readonly slots: Readonly<Record<SlotName, Slot>> = {
    blue: new Slot("blue"),
    green: new Slot("green"),
  };
  readonly split = new Split();
  readonly deadlines = new Deadlines();
  saved: SavedRoute;
  listener: Listener | null = null;
  /** Why there is no listener although there should be one. */
  listenError: string | null = null;
  /** True: every answer asks its client to close the connection. */
  closing = false;
  /** Requests answered by the router before a slot was chosen. */
  unrouted = 0;
  /** Connections and requests that were not HTTP, or too large, or too slow. */
  refused = 0;

  constructor(name: string) {
    this.name = name;
    this.saved = newRoute(name);
  }

  get timeouts(): RouteTimeouts {
    return this.saved.spec?.timeouts ?? NO_TIMEOUTS;
  }

  /** Takes over what has been saved. The listener is not part of it. */
  apply(saved: SavedRoute): void {
    this.saved = saved;
    this.split.set(saved.spec?.weights ?? { blue: 0, green: 0 });
    for (const name of SLOTS) this.#applyEndpoints(this.slots[name]);
  }

  /**
   * Requests and tunnels at instances of this id, in either slot, also of one taken off the list.
   */
  inFlightAt(id: string): number {
    let count = 0;
    for (const name of SLOTS) {
      for (const endpoint of [...this.slots[name].endpoints, ...this.slots[name].retiring]) {
        if (endpoint.spec.id === id) count += endpoint.inFlight;
      }
    }
    return count;
  }

  #applyEndpoints(slot: Slot): void {
    const { connectMs } = this.timeouts;
    const before = new Set(slot.endpoints);
    slot.endpoints = this.saved.endpoints[slot.name].endpoints.map((spec) => {
      const same = [...before].find((endpoint) => endpoint.isSame(spec));
      if (same === undefined) return new Endpoint(spec, connectMs);
      before.delete(same);
      same.update(spec, connectMs);
      return same;
    });
    for (const endpoint of slot.retiring) {
      if (endpoint.inFlight === 0) slot.retiring.delete(endpoint);
    }
    for (const endpoint of before) {
      endpoint.retire();
      if (endpoint.inFlight > 0) slot.retiring.add(endpoint);
    }
  }
}

// A route as the control API shows it: read from what serves requests, not from what was ordered.

import type { Route } from "./route.ts";
import type { SlotName } from "./spec.ts";

/** What GET /routes/:name answers. */
export const describe = (route: Route): Readonly<Record<string, unknown>> => {
  const now = performance.now();
  const { saved, listener, listenError, timeouts } = route;
  const bySlot = <T>(of: (slot: SlotName) => T): Readonly<Record<SlotName, T>> => ({
    blue: of("blue"),
    green: of("green"),
  });
  return {
    name: route.name,
    generation: saved.generation,
    weights: saved.spec?.weights ?? { blue: 0, green: 0 },
    listen: saved.spec?.listen ?? null,
    listening: listener !== null,
    listenError,
    sticky: saved.spec?.sticky ?? null,
    timeouts: saved.spec === null ? null : timeouts,
    epochs: bySlot((slot) => saved.endpoints[slot].epoch),
    endpoints: bySlot((slot) =>
      route.slots[slot].endpoints.map((endpoint) => ({
        ...endpoint.spec,
        ejected: endpoint.isEjected(now),
        inFlight: endpoint.inFlight,
      })),
    ),
    // Nothing gets to an instance of a route whose listener could not be opened.
    usable: bySlot((slot) => (listenError === null ? route.slots[slot].usable(now) : 0)),
  };
};

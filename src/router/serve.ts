// Where a request goes: the slot by stickiness and weight, the instance within it, and from there
// on its exchange or tunnel.

import type { IncomingMessage, ServerResponse } from "node:http";

import type { Endpoint } from "./endpoint.ts";
import { Exchange } from "./exchange.ts";
import { onwardHead, type OnwardHead } from "./headers.ts";
import { MAX_IN_FLIGHT_PER_ROUTE } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { answer, type Reason, statusOf } from "./reason.ts";
import type { Route } from "./route.ts";
import type { Slot } from "./slot.ts";
import type { SlotName } from "./spec.ts";
import { stickyCookie, stickySlot } from "./sticky.ts";

export type Destination =
  | {
      readonly kind: "found";
      readonly slot: Slot;
      readonly endpoint: Endpoint;
      readonly head: OnwardHead;
      readonly setCookie: string | null;
    }
  /** `close`: what else the client may send is not worth waiting for. */
  | { readonly kind: "refused"; readonly reason: Reason; readonly close: boolean };

export const serve = (
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  peer: Peer,
): void => {
  const begun = performance.now();
  const destination = destinationOf(route, request, peer, begun);
  if (destination.kind === "refused") {
    return answer(response, destination.reason, destination.close);
  }
  const { slot, endpoint, head, setCookie } = destination;
  new Exchange({ route, slot, endpoint, request, response, head, setCookie, begun }).begin();
};

/** Counts the refusals. `now` on the clock of performance.now(). */
export const destinationOf = (
  route: Route,
  request: IncomingMessage,
  peer: Peer,
  now: number,
): Destination => {
  const head = onwardHead(request, peer);
  if (head === null) {
    route.refused += 1;
    return { kind: "refused", reason: "bad-request", close: true };
  }
  const close = head.body !== "none";
  const chosen = chooseSlot(route, head.cookie);
  if (chosen === null) {
    route.unrouted += 1;
    return { kind: "refused", reason: "no-weight", close };
  }
  const slot = route.slots[chosen.slot];
  const full = route.deadlines.size >= MAX_IN_FLIGHT_PER_ROUTE;
  const choice = full ? ({ kind: "none", reason: "overloaded" } as const) : slot.choose(now, null);
  if (choice.kind === "none") {
    slot.stats.failed(statusOf(choice.reason), choice.reason, null);
    return { kind: "refused", reason: choice.reason, close };
  }
  return { kind: "found", slot, endpoint: choice.endpoint, head, setCookie: chosen.setCookie };
};

/** Null: the route has no weights. */
const chooseSlot = (
  route: Route,
  cookies: string,
): { readonly slot: SlotName; readonly setCookie: string | null } | null => {
  const spec = route.saved.spec;
  if (spec === null) return null;
  const { sticky, weights } = spec;
  if (sticky !== null && cookies !== "") {
    const held = stickySlot(cookies, sticky.cookie);
    if (held !== null && weights[held] > 0) return { slot: held, setCookie: null };
  }
  const slot = route.split.pick();
  if (slot === null) return null;
  return { slot, setCookie: sticky === null ? null : stickyCookie(sticky, slot) };
};

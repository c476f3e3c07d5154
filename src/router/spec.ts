// The shapes the control API takes and the state file keeps. Declared here, since the router shares
// no code with the control plane: both may be of different versions.

export type SlotName = "blue" | "green";
export const SLOTS: readonly SlotName[] = ["blue", "green"];

/** Shares in thousandths; they sum to 1000, or are both 0. */
export type Weights = Readonly<Record<SlotName, number>>;

export interface StickyPolicy {
  /** Name of the cookie; its value is the slot's name. */
  readonly cookie: string;
  readonly ttlMs: number;
}

export interface RouteTimeouts {
  readonly connectMs: number;
  /** From the end of the request until the head of the answer. */
  readonly responseMs: number;
  /** Silence within a body in either direction, or of both sides of an upgraded connection. */
  readonly idleMs: number;
}

export interface RouteSpec {
  readonly generation: number;
  /** `host:port`, an IPv6 host in brackets. */
  readonly listen: string;
  readonly weights: Weights;
  readonly sticky: StickyPolicy | null;
  readonly timeouts: RouteTimeouts;
}

export interface EndpointSpec {
  /** Unique within its slot. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** True: no new requests; those in flight finish. */
  readonly draining: boolean;
}

export interface EndpointList {
  /** Never falls. */
  readonly epoch: number;
  readonly endpoints: readonly EndpointSpec[];
}

/** What is kept of a route on disk. A deleted one keeps its generation and epochs as a fence. */
export interface SavedRoute {
  readonly name: string;
  readonly generation: number;
  /** Null: endpoints came before the first weights, or the route has been deleted. */
  readonly spec: RouteSpec | null;
  readonly endpoints: Readonly<Record<SlotName, EndpointList>>;
}

export const newRoute = (name: string): SavedRoute => ({
  name,
  generation: 0,
  spec: null,
  endpoints: { blue: { epoch: 0, endpoints: [] }, green: { epoch: 0, endpoints: [] } },
});

/** A route with neither weights nor endpoints is only a fence: for callers it does not exist. */
export const isKnown = (route: SavedRoute): boolean =>
  route.spec !== null || SLOTS.some((slot) => route.endpoints[slot].endpoints.length > 0);

// The statistics as Prometheus reads them (text exposition format 0.0.4).

import { BUCKETS, upperBoundMs } from "./histogram.ts";
import type { Route } from "./route.ts";
import { SLOTS } from "./spec.ts";
import type { Slot } from "./slot.ts";

/** Every sixth fine bucket, a factor of two, from 0.4 ms on: exact, since bounds coincide. */
const BUCKET_STEP = 6;
const FIRST_BUCKET = 12;

type Labels = Readonly<Record<string, string>>;

/** One metric family: its lines follow its head. */
class Family {
  readonly #lines: string[];
  readonly #name: string;

  constructor(name: string, type: "counter" | "gauge" | "histogram", help: string) {
    this.#name = name;
    this.#lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  }

  add(labels: Labels, value: number, suffix = ""): void {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escape(text)}"`);
    const inBraces = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
    this.#lines.push(`${this.#name}${suffix}${inBraces} ${value}`);
  }

  toString(): string {
    return this.#lines.join("\n");
  }
}

const escape = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

export interface Process {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Failed assertions that were survived. */
  readonly internalErrors: number;
}

export const expose = (routes: readonly Route[], process: Process, residentBytes: number): string =>
  [
    ...slotFamilies(routes),
    ...routeFamilies(routes),
    ...processFamilies(process, residentBytes),
    "",
  ].join("\n");

const slotFamilies = (routes: readonly Route[]): readonly Family[] => {
  const family = {
    requests: new Family(
      "sluice_router_requests_total",
      "counter",
      "Requests by class of status; aborted: given up by the client first.",
    ),
    errors: new Family(
      "sluice_router_own_answers_total",
      "counter",
      "Requests that the router answered itself, by reason.",
    ),
    duration: new Family(
      "sluice_router_request_duration_seconds",
      "histogram",
      "From the head of the request to the head of the answer.",
    ),
    inFlight: new Family(
      "sluice_router_requests_in_flight",
      "gauge",
      "Requests and upgraded connections at instances.",
    ),
    retries: new Family(
      "sluice_router_retries_total",
      "counter",
      "Requests sent to a second instance.",
    ),
    truncated: new Family(
      "sluice_router_truncated_answers_total",
      "counter",
      "Answers that the instance broke off.",
    ),
    weight: new Family(
      "sluice_router_weight_ratio",
      "gauge",
      "Share of the route's new requests, 0 to 1.",
    ),
    endpoints: new Family("sluice_router_endpoints", "gauge", "Instances by state."),
  };
  for (const route of routes) {
    for (const name of SLOTS) {
      const slot = route.slots[name];
      const labels = { route: route.name, slot: name };
      const { stats } = slot;
      for (const [digit, count] of stats.byClass.entries()) {
        family.requests.add({ ...labels, code: digit === 0 ? "aborted" : `${digit}xx` }, count);
      }
      for (const [reason, count] of stats.byReason) family.errors.add({ ...labels, reason }, count);
      addHistogram(family.duration, labels, slot);
      family.inFlight.add(labels, stats.inFlight);
      family.retries.add(labels, stats.retries);
      family.truncated.add(labels, stats.truncated);
      family.weight.add(labels, (route.saved.spec?.weights[name] ?? 0) / 1000);
      addEndpoints(family.endpoints, labels, slot);
    }
  }
  return Object.values(family);
};

const addHistogram = (family: Family, labels: Labels, { stats }: Slot): void => {
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    seen += stats.latency[bucket] ?? 0;
    // The last bucket has no upper bound.
    if (bucket < FIRST_BUCKET || bucket % BUCKET_STEP !== 0 || bucket === BUCKETS - 1) continue;
    family.add({ ...labels, le: (upperBoundMs(bucket) / 1000).toPrecision(4) }, seen, "_bucket");
  }
  family.add({ ...labels, le: "+Inf" }, seen, "_bucket");
  family.add(labels, stats.latencySumMs / 1000, "_sum");
  family.add(labels, seen, "_count");
};

const addEndpoints = (family: Family, labels: Labels, slot: Slot): void => {
  const now = performance.now();
  const draining = slot.endpoints.filter(({ spec }) => spec.draining).length;
  const usable = slot.usable(now);
  family.add({ ...labels, state: "usable" }, usable);
  family.add({ ...labels, state: "draining" }, draining);
  family.add({ ...labels, state: "ejected" }, slot.endpoints.length - draining - usable);
};

const routeFamilies = (routes: readonly Route[]): readonly Family[] => {
  const generation = new Family(
    "sluice_router_route_generation",
    "gauge",
    "Generation of the weights in force.",
  );
  const listening = new Family(
    "sluice_router_route_listening",
    "gauge",
    "1 while the route's listener is open.",
  );
  const unrouted = new Family(
    "sluice_router_unrouted_requests_total",
    "counter",
    "Requests to a route without weights.",
  );
  const refused = new Family(
    "sluice_router_refused_total",
    "counter",
    "Malformed, oversized or slow requests and connections over the limit.",
  );
  for (const { name, saved, listener, unrouted: none, refused: bad } of routes) {
    const labels = { route: name };
    generation.add(labels, saved.generation);
    listening.add(labels, listener === null ? 0 : 1);
    unrouted.add(labels, none);
    refused.add(labels, bad);
  }
  return [generation, listening, unrouted, refused];
};

const processFamilies = (
  { startedAt, internalErrors }: Process,
  residentBytes: number,
): readonly Family[] => {
  const start = new Family(
    "process_start_time_seconds",
    "gauge",
    "Start of the process, seconds since 1970.",
  );
  const memory = new Family("process_resident_memory_bytes", "gauge", "Memory of the process.");
  const errors = new Family(
    "sluice_router_internal_errors_total",
    "counter",
    "Failed assertions that were survived.",
  );
  start.add({}, startedAt / 1000);
  memory.add({}, residentBytes);
  errors.add({}, internalErrors);
  return [start, memory, errors];
};

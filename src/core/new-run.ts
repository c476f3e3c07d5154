// A run before its first pass.

import type { Instant, RunId } from "./ids.ts";
import type { Plan } from "./plan.ts";
import type { Origin, Run } from "./run.ts";

/** `seq`: its place in the order of creation. */
export const newRun = (given: {
  readonly id: RunId;
  readonly seq: number;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly at: Instant;
}): Run => ({
  id: given.id,
  seq: given.seq,
  service: given.plan.service,
  environment: given.plan.environment,
  plan: given.plan,
  origin: given.origin,
  createdAt: given.at,
  revision: 1,
  generation: 0,
  ordered: { target: 0, router: 0 },
  slots: null,
  state: { kind: "queued" },
  hold: null,
  frozen: null,
  touchedAt: null,
  weight: 0,
  baseline: {},
  settled: null,
  noReturn: null,
  breach: null,
  factsSeen: 0,
  because: [],
});

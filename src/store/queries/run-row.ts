// A run as its columns are read and as it is written. Columns hold what queries look for; all the
// rest is one JSON value, so that the core may change its shape without a migration.

import type { Digest, EnvironmentName, Instant, RunId, ServiceName } from "../../core/ids.ts";
import type { Plan } from "../../core/plan.ts";
import type { Origin, Run } from "../../core/run.ts";
import type { OlderPlan } from "../older-plan.ts";
import { presentHolds } from "../older-run.ts";
import type { OlderRest } from "../older-run.ts";

export interface RunRow {
  readonly id: RunId;
  readonly seq: number;
  readonly service: ServiceName;
  readonly environment: EnvironmentName;
  readonly plan_hash: Digest;
  /** Null where the asker has it. */
  readonly plan: StoredPlan | null;
  readonly origin: Omit<Origin, "emergency"> & Partial<Pick<Origin, "emergency">>;
  readonly created_at: Instant;
  readonly revision: number;
  readonly generation: number;
  readonly state: OlderRest<RunRest>;
}

/** Fields with columns of their own. */
const COLUMNS = [
  "id",
  "seq",
  "service",
  "environment",
  "plan",
  "origin",
  "createdAt",
  "revision",
  "generation",
] as const;

type RunRest = Omit<Run, (typeof COLUMNS)[number]>;

/** A version before this one may have written it. */
export type StoredPlan = Plan | OlderPlan;

/** Of `sluice.runs r`, apart from the plan. */
export const RUN_COLUMNS = `r.id, r.seq::float8 as seq, r.service, r.environment, r.plan_hash,
  r.origin, r.created_at::float8 as created_at, r.revision::float8 as revision,
  r.generation::float8 as generation, r.state`;

export const runOf = (row: RunRow, plan: Plan): Run => ({
  id: row.id,
  seq: row.seq,
  service: row.service,
  environment: row.environment,
  plan,
  // Older versions wrote neither this nor noReturn.
  origin: { emergency: null, ...row.origin },
  createdAt: row.created_at,
  revision: row.revision,
  generation: row.generation,
  noReturn: null,
  ...row.state,
  ...presentHolds(row.state),
});

/** Undefined keys are left out when it becomes JSON. */
export const restOf = (run: Run): RunRest => ({ ...run, ...WITHOUT });

const WITHOUT = Object.fromEntries(COLUMNS.map((name) => [name, undefined]));

// The heads of audit chains: where the next record goes.

import type { AuditHead } from "../../core/audit-drafts.ts";
import type { Statement } from "../database.ts";

/** $1, $2: the lane. */
export const LANE_HEAD: Statement<AuditHead & { readonly revision: number }> = {
  name: "sluice_lane_head",
  text: `select audit_seq::float8 as seq, audit_hash as hash, revision::float8 as revision
    from sluice.lanes where service = $1 and environment = $2`,
};

/** $1, $2: the lane. */
export const ENSURE_LANE: Statement<unknown> = {
  name: "sluice_ensure_lane",
  text: `insert into sluice.lanes (service, environment) values ($1, $2) on conflict do nothing`,
};

/** $1: the run. */
export const HEAD_OF_RUNS_LANE: Statement<
  AuditHead & { readonly chain: string; readonly plan_hash: string }
> = {
  name: "sluice_head_of_runs_lane",
  text: `select l.audit_seq::float8 as seq, l.audit_hash as hash, r.plan_hash,
      l.service || '.' || l.environment as chain
    from sluice.runs r join sluice.lanes l using (service, environment) where r.id = $1`,
};

export const CONTROL_HEAD: Statement<AuditHead> = {
  name: "sluice_control_head",
  text: `select audit_seq::float8 as seq, audit_hash as hash from sluice.control`,
};

/** $1: the records. */
export const APPEND_CONTROL: Statement<unknown> = {
  name: "sluice_append_control",
  text: `select sluice.append_control($1)`,
};

// Everything of a pass that changes from pass to pass, in one statement and so in one consistent
// look. What stands changes seldom: its version is read here, and the rest only where that is new.

import type { EffectRecord, OnceEffect } from "../../core/effect.ts";
import type { Fact } from "../../core/fact.ts";
import type { Instant, ReleaseId, RunId } from "../../core/ids.ts";
import type { Plan } from "../../core/plan.ts";
import type { StoredPass } from "../../ports/store.ts";
import type { Statement } from "../database.ts";
import { presentFact } from "../older-plan.ts";
import type { Stands } from "../standing-cache.ts";
import { LANE_COLUMNS, laneOf } from "./lane-row.ts";
import type { LaneRow } from "./lane-row.ts";
import { RUN_COLUMNS, runOf } from "./run-row.ts";
import type { RunRow } from "./run-row.ts";

export interface PassRow extends RunRow, LaneRow {
  readonly effects: readonly EffectPart[];
  readonly facts: readonly FactPart[];
  readonly waiting: readonly WaitingPart[];
  readonly release: ReleaseId;
  readonly standing_version: number;
}

interface EffectPart {
  readonly generation: number;
  readonly ordinal: number;
  readonly body: OnceEffect;
  readonly state: EffectRecord["state"];
  readonly outcome: EffectRecord["outcome"];
}

interface FactPart extends Pick<Fact, "seq" | "by" | "at"> {
  readonly body: Fact;
}

interface WaitingPart {
  readonly run: RunId;
  readonly seq: number;
  readonly release: ReleaseId;
  readonly urgent: boolean;
  readonly emergencyUntil: Instant | null;
}

/** $1: the run; $2: the hash of the plan that need not be fetched. */
export const LOAD_PASS: Statement<PassRow> = {
  name: "sluice_load_pass",
  text: `
    select ${RUN_COLUMNS}, ${LANE_COLUMNS}, r.release,
      case when r.plan_hash = $2 then null
        else (select body from sluice.plans where hash = r.plan_hash) end as plan,
      (select coalesce(json_agg(json_build_object(
          'generation', e.generation, 'ordinal', e.ordinal, 'body', e.body, 'state', e.state,
          'outcome', e.outcome) order by e.generation, e.ordinal), '[]')
        from sluice.effects e where e.run = r.id) as effects,
      case when r.last_fact = 0 then '[]'
        else (select json_agg(json_build_object(
            'seq', f.seq, 'by', f.said_by, 'at', f.at, 'body', f.body) order by f.seq)
          from sluice.facts f where f.run = r.id) end as facts,
      (select coalesce(json_agg(json_build_object(
          'run', w.id, 'seq', w.seq, 'release', w.release, 'urgent', w.urgent,
          'emergencyUntil', w.origin->'emergency'->'until')
          order by w.seq), '[]')
        from sluice.runs w
        where w.service = r.service and w.environment = r.environment
          and w.state_kind = 'queued' and w.id <> r.id) as waiting,
      (select version from sluice.standing_version)::float8 as standing_version
    from sluice.runs r join sluice.lanes l using (service, environment)
    where r.id = $1`,
};

export const passOf = (row: PassRow, plan: Plan, stands: Stands): StoredPass => {
  const { id, service, environment } = row;
  return {
    run: runOf(row, plan),
    lane: laneOf(row),
    effects: row.effects.map(({ generation, ordinal, body, state, outcome }) => ({
      effect: { key: { service, environment, run: id, generation, ordinal }, body },
      state,
      outcome,
    })),
    facts: row.facts.map(({ seq, by, at, body }) => presentFact({ ...body, seq, run: id, by, at })),
    waiting: row.waiting,
    standing: stands.standing,
    verifiedIn: stands.verifiedIn,
    ...(stands.firstSeen === undefined ? {} : { firstSeen: stands.firstSeen }),
  };
};

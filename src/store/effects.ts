// Once effects in PostgreSQL: claimed by one, carried out, recorded. Every change is conditional on
// the state it starts from, so whoever comes second changes nothing.

import type pg from "pg";

import type { EffectOutcome, EffectRecord, OnceEffect } from "../core/effect.ts";
import { lostOutcome, mayRepeat } from "../core/lost-effect.ts";
import type { EnvironmentName, RunId, ServiceName } from "../core/ids.ts";
import type { EffectStore } from "../ports/store.ts";
import { firstRow, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { toJson } from "./json.ts";

interface Yes {
  readonly yes: boolean;
}

const CLAIM: Statement<Yes> = {
  name: "sluice_claim_effect",
  text: `update sluice.effects set state = 'started', claimed_by = $2, beat_at = $3
    where id = $1 and state = 'pending' returning true as yes`,
};

const BEAT: Statement<Yes> = {
  name: "sluice_beat_effect",
  text: `update sluice.effects set beat_at = $3
    where id = $1 and claimed_by = $2 and state = 'started' returning true as yes`,
};

const FINISH: Statement<unknown> = {
  name: "sluice_finish_effect",
  text: `select sluice.finish_effect($1, $2, $3)`,
};

const SILENT: Statement<{ readonly id: string; readonly body: OnceEffect }> = {
  name: "sluice_silent_effects",
  text: `select id, body from sluice.effects
    where state = 'started' and beat_at < $1 order by id limit 1000`,
};

const EXPIRE: Statement<Yes> = {
  name: "sluice_expire_effect",
  text: `select sluice.expire_effect($1, $2, $3, $4, $5) as yes`,
};

interface EffectRow {
  readonly service: ServiceName;
  readonly environment: EnvironmentName;
  readonly run: RunId;
  readonly generation: number;
  readonly ordinal: number;
  readonly body: OnceEffect;
  readonly state: EffectRecord["state"];
  readonly outcome: EffectOutcome | null;
}

const GET: Statement<EffectRow> = {
  name: "sluice_get_effect",
  text: `select r.service, r.environment, e.run, e.generation::float8 as generation, e.ordinal,
      e.body, e.state, e.outcome
    from sluice.effects e join sluice.runs r on r.id = e.run where e.id = $1`,
};

export const pgEffects = (pool: pg.Pool): EffectStore => ({
  claim: async (id, by, at) => (await firstRow(pool, CLAIM, [id, by, at])) !== null,
  beat: async (id, by, at) => (await firstRow(pool, BEAT, [id, by, at])) !== null,
  finish: async (id, outcome, at) => {
    await rows(pool, FINISH, [id, toJson(outcome), at]);
  },
  expire: async (before, at) => {
    let expired = 0;
    // One transaction each: together they could wait for passes that wait for them.
    for (const { id, body } of await rows(pool, SILENT, [before])) {
      const outcome = toJson(lostOutcome());
      const row = await firstRow(pool, EXPIRE, [id, before, at, mayRepeat(body), outcome]);
      if (row?.yes === true) expired += 1;
    }
    return expired;
  },
  get: async (id) => {
    const row = await firstRow(pool, GET, [id]);
    if (row === null) return null;
    const { service, environment, run, generation, ordinal, body, state, outcome } = row;
    const effect = { key: { service, environment, run, generation, ordinal }, body };
    return { effect, state, outcome };
  },
});

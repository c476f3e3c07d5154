// What trains and their members see of each other, and how they wake each other. Read after the
// pass itself, and only where there is a train: a look that is a moment newer does no harm.

import type pg from "pg";

import type { RunId, ServiceName } from "../core/ids.ts";
import type { ReleaseId } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import { memberSightOf, trainSightOf } from "../core/train/sights.ts";
import type { RunOutline } from "../core/train/sights.ts";
import { broughtBy } from "../core/train/train-back.ts";
import type { StoredPass } from "../ports/store.ts";
import { firstRow, rows } from "./database.ts";
import type { Statement } from "./database.ts";

interface OutlineRow extends Pick<RunOutline, "id" | "service" | "origin"> {
  readonly state: Pick<RunOutline, "state" | "settled" | "breach"> &
    Partial<Pick<RunOutline, "noReturn">>;
  readonly from_release: ReleaseId | null;
}

const OUTLINE = "r.id, r.service, r.origin, r.state, p.body->'from'->>'id' as from_release";

/** $1: the run of the train. */
const TRAIN: Statement<OutlineRow> = {
  name: "sluice_train",
  text: `select ${OUTLINE} from sluice.runs r join sluice.plans p on p.hash = r.plan_hash
    where r.id = $1`,
};

/** In one statement, and so at one moment: a run that has settled beside a lane that does not know
 * it yet would count as lost. $1: the environment; $2: the services; $3: runs of trains. */
const MEMBERS: Statement<{
  readonly lanes: readonly {
    readonly service: ServiceName;
    readonly stable: ReleaseId | null;
    readonly idle: boolean;
  }[];
  readonly runs: readonly OutlineRow[];
}> = {
  name: "sluice_members",
  text: `select
    (select coalesce(jsonb_agg(jsonb_build_object('service', service,
        'stable', stable->>'release', 'idle', active_run is null)), '[]')
      from sluice.lanes where environment = $1 and service = any($2)) as lanes,
    (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'service', r.service,
        'origin', r.origin, 'state', r.state, 'from_release', p.body->'from'->>'id')
        order by r.seq), '[]')
      from sluice.runs r join sluice.plans p on p.hash = r.plan_hash
      where r.origin->>'train' = any($3)) as runs`,
};

const outlineOf = ({ state, from_release: from, ...row }: OutlineRow): RunOutline => ({
  noReturn: null,
  ...row,
  ...state,
  from,
});

export const trainParts = async (
  pool: pg.Pool,
  run: Run,
): Promise<Pick<StoredPass, "members" | "train">> => {
  const { environment, origin, plan } = run;
  if (origin.train !== undefined) {
    const row = await firstRow(pool, TRAIN, [origin.train]);
    return row === null ? {} : { train: trainSightOf(outlineOf(row)) };
  }
  const services = plan.steps.flatMap((step) =>
    step.kind === "train" ? step.members.map(({ service }) => service) : [],
  );
  if (services.length === 0) return {};
  const found = await firstRow(pool, MEMBERS, [environment, services, broughtBy(run)]);
  const { lanes, runs: brought } = found ?? { lanes: [], runs: [] };
  const runs = brought.map(outlineOf);
  const members = services.map((service) => {
    const lane = lanes.find((one) => one.service === service);
    return memberSightOf(service, { stable: lane?.stable ?? null, idle: lane?.idle ?? true }, runs);
  });
  return { members };
};

/** $1: a run of the train, or the train; $2: now. */
const WAKE_MATES: Statement<unknown> = {
  name: "sluice_wake_mates",
  text: `select sluice.wake_again(id, $2) from sluice.runs
    where origin->>'train' = $1
      or id = (select origin->>'train' from sluice.runs where id = $1)`,
};

/** In a transaction of its own: should it be lost, both sides look again by themselves. */
export const wakeMates = async (pool: pg.Pool, run: RunId, at: number): Promise<void> => {
  await rows(pool, WAKE_MATES, [run, at]);
};

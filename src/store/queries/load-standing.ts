// What passes of one release in one lane know of others' words: standing facts, and where the
// release is known good.

import type { EnvironmentName } from "../../core/ids.ts";
import { MAX_OTHERS, MAX_REPORTS } from "../../core/standing-scope.ts";
import type { Statement } from "../database.ts";
import { STANDING_COLUMNS } from "./standing-row.ts";
import type { StandingRow } from "./standing-row.ts";

interface StandsRow {
  readonly version: number;
  readonly standing: readonly StandingRow[];
  readonly verified_in: readonly EnvironmentName[];
}

const IN_SCOPE = `live and coalesce(service, $2) = $2 and coalesce(environment, $3) = $3`;

/** $1: the release; $2, $3: the lane. Each kind of question has its own index and its own limit. */
export const LOAD_STANDING: Statement<StandsRow> = {
  name: "sluice_load_standing",
  text: `
    select version::float8 as version,
      (select coalesce(json_agg(f order by f.seq), '[]') from (
        select ${STANDING_COLUMNS} from (
          (select * from sluice.standing
            where release = $1 and kind = 'evidence' and ${IN_SCOPE}
            order by seq desc limit ${MAX_REPORTS})
          union all
          (select * from sluice.standing
            where release = $1 and kind <> 'evidence' and ${IN_SCOPE}
            order by seq desc limit ${MAX_OTHERS})
          union all
          (select * from sluice.standing
            where release is null and ${IN_SCOPE}
            order by seq desc limit ${MAX_OTHERS})
        ) s) f) as standing,
      (select coalesce(json_agg(v.environment order by v.environment), '[]')
        from sluice.lanes v
        where v.service = $2
          and v.known_good @> jsonb_build_array(jsonb_build_object('release', $1::text))
      ) as verified_in
    from sluice.standing_version`,
};

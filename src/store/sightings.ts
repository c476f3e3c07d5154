// Since when findings are known, in PostgreSQL: kept along with the reports, read for a release.

import type pg from "pg";

import type { FirstSeen } from "../core/evidence/evidence.ts";
import { firstSeen } from "../core/evidence/sightings.ts";
import { instant, serviceOf } from "../core/ids.ts";
import type { Instant, ReleaseId } from "../core/ids.ts";
import { rows } from "./database.ts";
import type { Statement } from "./database.ts";

interface FirstSeenRow {
  readonly id: string;
  readonly subject: string;
  readonly own_at: Instant;
  /** Null: nobody made it here. */
  readonly own_made: Instant | null;
  /** Null: no sighting is kept, and no other value of one. */
  readonly release: ReleaseId | null;
  readonly made: Instant | null;
  readonly at: Instant | null;
}

/** $1: the release; $2: its service. */
const FIRST_SEEN: Statement<FirstSeenRow> = {
  name: "sluice_first_seen",
  text: `
    with found as (
      select f->>'id' as id, f->>'subject' as subject, min(sluice.finding_key(f)) as key,
        min(s.at) as at
      from sluice.standing s, jsonb_array_elements(s.body->'evidence'->'findings') f
      where s.release = $1 and s.kind = 'evidence' and s.live
      group by 1, 2
    )
    select f.id, f.subject, f.at::float8 as own_at, own.made::float8 as own_made, g.release,
      g.made::float8 as made, g.at::float8 as at
    from (select sluice.made_at($1) as made) own, found f
      left join sluice.sightings g on g.service = $2 and g.key = f.key
    order by f.id collate "C", f.subject collate "C"`,
};

export const firstSeenIn = async (
  pool: pg.Pool,
  release: ReleaseId,
): Promise<readonly FirstSeen[]> => {
  const found = await rows(pool, FIRST_SEEN, [release, serviceOf(release)]);
  return found.map(({ id, subject, own_at, own_made, ...row }) => {
    const { made, at } = row;
    const first =
      row.release === null || made === null || at === null
        ? null
        : { release: row.release, made, at };
    return firstSeen(own_made ?? instant(0), { id, subject, at: own_at }, first);
  });
};

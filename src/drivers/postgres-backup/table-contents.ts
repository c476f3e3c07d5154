// What a database holds, table by table: how many rows, and a sum over their text that does not
// depend on their order. The dump and what is restored from it must have the same.

import type pg from "pg";
import { Refusal } from "../../core/refusal.ts";

export interface TableContent {
  /** `schema.table`, as PostgreSQL quotes it. */
  readonly table: string;
  readonly rows: string;
  readonly sum: string;
}

/** The text of a value depends on these. */
const SETTINGS = [
  "set local search_path = pg_catalog",
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'postgres'",
  "set local timezone = 'UTC'",
  "set local extra_float_digits = 3",
  "set local bytea_output = 'hex'",
  "set local xmloption = 'content'",
  "set local lc_monetary = 'C'",
  // Hidden rows would be missing from the dump as well: better an error.
  "set local row_security = off",
].join("; ");

/** Of people, not of the server or its extensions; what is partitioned counts by its parts. A row
 * is put together of its columns in the order of their names, since a restored child of a parent
 * may have them in another. It is not of its table's own type, whose owner could have said how that
 * is cast, and so have us run what they like. */
const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name,
    (select coalesce(string_agg(format('sluice_t.%I', a.attname), ', '
       order by a.attname collate "C"), '')
     from pg_catalog.pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't'
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
        and d.deptype = 'e')
  order by 1`;

/** Within a transaction. */
export const tableContents = async (client: pg.Client): Promise<readonly TableContent[]> => {
  await client.query(SETTINGS);
  const { rows: tables } = await client.query<{ name: string; columns: string }>(TABLES);
  const contents: TableContent[] = [];
  for (const { name, columns } of tables) {
    await client.query("savepoint one");
    const { rows } = await client.query<{ rows: string; sum: string }>(
      `select count(*)::text as rows,
         coalesce(sum(hashtextextended(row(${columns})::text, 0)::numeric), 0)::text as sum
       from only ${name} sluice_t`,
    );
    // Lets go of its locks: a server has room for some thousands, and the dump needs them too.
    await client.query("rollback to savepoint one");
    const [row] = rows;
    if (row === undefined) throw new Error(`${name} cannot be counted`);
    contents.push({ table: name, rows: row.rows, sum: row.sum });
  }
  return contents;
};

export const rowsOf = (contents: readonly TableContent[]): number =>
  contents.reduce((sum, { rows }) => sum + Number(rows), 0);

const MOST_TOLD = 5;

/** Throws a Refusal `backup-differs` that names the tables. */
export const requireSame = (
  dumped: readonly TableContent[],
  restored: readonly TableContent[],
): void => {
  const there = new Map(restored.map((one) => [one.table, one]));
  const known = new Set(dumped.map(({ table }) => table));
  const faults = [
    ...dumped.flatMap((one) => faultOf(one, there.get(one.table))),
    ...restored.flatMap(({ table }) => (known.has(table) ? [] : [`${table} was not dumped`])),
  ];
  if (faults.length === 0) return;
  const told = faults.slice(0, MOST_TOLD).join("; ");
  const more = faults.length > MOST_TOLD ? `, and ${faults.length - MOST_TOLD} more` : "";
  throw new Refusal({
    code: "backup-differs",
    message: `what was restored is not what was dumped: ${told}${more}`,
    hint: "take another backup, and find out what became of this one",
  });
};

const faultOf = (dumped: TableContent, restored: TableContent | undefined): readonly string[] => {
  const { table, rows, sum } = dumped;
  if (restored === undefined) return [`${table} is missing`];
  if (restored.rows !== rows) return [`${table} has ${restored.rows} rows instead of ${rows}`];
  return restored.sum === sum ? [] : [`${table} has other rows`];
};

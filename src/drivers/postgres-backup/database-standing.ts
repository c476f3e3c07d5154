// What belongs to a database and not to what is in it: owner, grants, settings, comment. A dump has
// none of it, so what takes the place of a database is given the same.

import type pg from "pg";
import { Refusal } from "../../core/refusal.ts";
import type { Address } from "./address.ts";
import { leftMark } from "./writers.ts";

export interface DatabaseStanding {
  readonly owner: string;
  /** -1: none. */
  readonly limit: number;
  readonly comment: string | null;
  /** Null: as PostgreSQL has them where nobody said anything. */
  readonly grants: readonly Grant[] | null;
  readonly settings: readonly Setting[];
}

interface Grant {
  /** Null: everybody. */
  readonly to: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

interface Setting {
  /** Null: of every role. */
  readonly role: string | null;
  readonly name: string;
  readonly value: string;
}

interface Row extends Omit<DatabaseStanding, "settings"> {
  readonly mine: boolean;
  readonly creates: boolean;
  readonly settings: readonly { readonly role: string | null; readonly text: string }[];
}

const READ_ONLY = "default_transaction_read_only";

const STANDING = `
  select pg_get_userbyid(d.datdba) as owner, d.datconnlimit as limit,
    shobj_description(d.oid, 'pg_database') as comment,
    pg_has_role(d.datdba, 'MEMBER') as mine,
    (select r.rolcreatedb or r.rolsuper from pg_roles r where r.rolname = current_user) as creates,
    case when d.datacl is null then null else (
      select coalesce(json_agg(json_build_object(
        'to', case when a.grantee = 0 then null else pg_get_userbyid(a.grantee) end,
        'privilege', a.privilege_type, 'grantable', a.is_grantable)), '[]')
      from aclexplode(d.datacl) a) end as grants,
    (select coalesce(json_agg(json_build_object(
        'role', case when s.setrole = 0 then null else pg_get_userbyid(s.setrole) end,
        'text', t)), '[]')
      from pg_db_role_setting s cross join unnest(s.setconfig) t
      where s.setdatabase = d.oid) as settings
  from pg_database d where d.datname = current_database()`;

/** Throws a Refusal `database-not-ours` where another could not be put in its place. Where writes
 * are still refused by somebody who broke off, it is told as it was before that. */
export const standingOf = async (
  client: pg.Client,
  { text }: Address,
): Promise<DatabaseStanding> => {
  const { rows } = await client.query<Row>(STANDING);
  const [row] = rows;
  if (row === undefined) throw new Error("the database does not know itself");
  const { owner, limit, grants } = row;
  if (!row.mine || !row.creates) {
    throw new Refusal({
      code: "database-not-ours",
      message: row.mine
        ? "the account of the URL may not make databases"
        : `the account of the URL is not ${owner}, whose database it is, nor one of its members`,
      where: text,
      hint: "give the account CREATEDB and the membership, or restore it by hand",
    });
  }
  const settings = row.settings.map(({ role, text: said }) => {
    const at = said.indexOf("=");
    return { role, name: said.slice(0, at), value: said.slice(at + 1) };
  });
  const mark = leftMark(row.comment);
  if (mark === null) return { owner, limit, grants, settings, comment: row.comment };
  const others = settings.filter(({ role, name }) => role !== null || name !== READ_ONLY);
  const { readOnly, comment } = mark;
  const own = readOnly === null ? [] : [{ role: null, name: READ_ONLY, value: readOnly }];
  return { owner, limit, grants, settings: [...others, ...own], comment };
};

/** As a setting of the whole database; null: there is none. */
export const readOnlyIn = ({ settings }: DatabaseStanding): string | null =>
  settings.find(({ role, name }) => role === null && name === READ_ONLY)?.value ?? null;

/** Lists are kept as they are quoted, and only PostgreSQL takes them apart. */
const LISTS = [
  "search_path",
  "session_preload_libraries",
  "local_preload_libraries",
  "temp_tablespaces",
];

/** Another database of the same server gets the same. What the account may not give is refused by
 * the server, and nothing has happened then to the database itself. */
export const giveStanding = async (
  client: pg.Client,
  database: string,
  { owner, limit, comment, grants, settings }: DatabaseStanding,
): Promise<void> => {
  const id = (name: string): string => client.escapeIdentifier(name);
  const there = id(database);
  if (grants !== null) {
    await client.query(`revoke all on database ${there} from public`);
    for (const { to, privilege, grantable } of grants) {
      const whom = to === null ? "public" : id(to);
      const option = grantable ? " with grant option" : "";
      await client.query(`grant ${privilege} on database ${there} to ${whom}${option}`);
    }
  }
  for (const { role, name, value } of settings) {
    const whose = role === null ? "alter" : `alter role ${id(role)} in`;
    if (LISTS.includes(name)) {
      await client.query("select set_config($1, $2, false)", [name, value]);
      await client.query(`${whose} database ${there} set ${id(name)} from current`);
      await client.query(`reset ${id(name)}`);
    } else {
      const given = client.escapeLiteral(value);
      await client.query(`${whose} database ${there} set ${dotted(client, name)} = ${given}`);
    }
  }
  await client.query(`alter database ${there} connection limit ${limit}`);
  if (comment !== null) {
    await client.query(`comment on database ${there} is ${client.escapeLiteral(comment)}`);
  }
  await client.query(`alter database ${there} owner to ${id(owner)}`);
};

const dotted = (client: pg.Client, name: string): string =>
  name
    .split(".")
    .map((part) => client.escapeIdentifier(part))
    .join(".");

// Databases that are made for a restore test and dropped again. The name says until when somebody
// may need one, so that what a killed process left is found and dropped by the next.

import type pg from "pg";
import { randomBytes } from "node:crypto";
import type { Instant } from "../../core/ids.ts";
import { besides } from "./address.ts";
import type { Address } from "./address.ts";
import { connected } from "./client.ts";

/** How a database keeps text. */
export interface Locale {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  /** `c`: of the system; `i`: ICU; `b`: PostgreSQL's own. */
  readonly provider: string;
  /** Of ICU or PostgreSQL's own. */
  readonly locale: string | null;
}

export const localeOf = async (client: pg.Client): Promise<Locale> => {
  const { rows } = await client.query<Locale>(
    `select pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collate,
       d.datctype as ctype, coalesce(to_jsonb(d)->>'datlocprovider', 'c') as provider,
       coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale') as locale
     from pg_database d where d.datname = current_database()`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the database does not know itself");
  return row;
};

/** Whatever begins with it is ours. */
export const SCRATCH = "sluice_scratch_";
const NAME = /^sluice_scratch_([0-9a-z]{1,10})_[0-9a-f]{8}$/;
const DROP_MS = 60_000;

export const createDatabase = async (
  client: pg.Client,
  name: string,
  { encoding, collate, ctype, provider, locale }: Locale,
): Promise<void> => {
  const text = (value: string): string => client.escapeLiteral(value);
  const own = { i: "icu", b: "builtin" }[provider];
  const providerText =
    own === undefined || locale === null
      ? ""
      : ` locale_provider ${own} ${own}_locale ${text(locale)}`;
  const libc = `lc_collate ${text(collate)} lc_ctype ${text(ctype)}`;
  await client.query(
    `create database ${client.escapeIdentifier(name)} template template0 ` +
      `encoding ${text(encoding)} ${libc}${providerText}`,
  );
};

export const dropDatabase = async (client: pg.Client, name: string): Promise<void> => {
  const quoted = client.escapeIdentifier(name);
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    name,
  ]);
  await client.query(`drop database if exists ${quoted}`);
};

/** Under such a name it is dropped when its time is over, whoever made it. */
export const scratchName = (until: Instant): string =>
  `${SCRATCH}${until.toString(36)}_${randomBytes(4).toString("hex")}`;

/** The server waits some seconds for who is just leaving. */
export const renameDatabase = async (
  client: pg.Client,
  from: string,
  to: string,
): Promise<void> => {
  await client.query(
    `alter database ${client.escapeIdentifier(from)} rename to ${client.escapeIdentifier(to)}`,
  );
};

interface ScratchOptions {
  readonly server: Address;
  readonly locale: Locale;
  readonly now: Instant;
  readonly until: Instant;
}

/** Whatever comes of the work, the database is gone afterwards, or is when its time is over. */
export const inScratch = async <T>(
  { server, locale, now, until }: ScratchOptions,
  signal: AbortSignal,
  work: (scratch: Address) => Promise<T>,
): Promise<T> => {
  const name = scratchName(until);
  await connected(server, signal, async (client) => {
    await dropLeftovers(client, now);
    await createDatabase(client, name, locale);
  });
  try {
    return await work(besides(server, name));
  } finally {
    // Not with the signal: it may be over already.
    const drop = connected(server, AbortSignal.timeout(DROP_MS), (c) => dropDatabase(c, name));
    await drop.catch(() => undefined);
  }
};

const dropLeftovers = async (client: pg.Client, now: Instant): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    "select datname as name from pg_database where starts_with(datname, $1)",
    [SCRATCH],
  );
  for (const { name } of rows) {
    const until = Number.parseInt(NAME.exec(name)?.[1] ?? "", 36);
    // It may be somebody else's, who alone may drop it.
    if (until < now) await dropDatabase(client, name).catch(() => undefined);
  }
};

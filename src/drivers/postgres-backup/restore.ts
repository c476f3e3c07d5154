// Reading a backup back: proving that it is whole, and restoring it into an empty database, which
// must then hold what the dump's snapshot held.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Backup, BackupContents } from "../../core/backup/backup.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Address } from "./address.ts";
import { connected } from "./client.ts";
import { dumpKey, snapshotKey } from "./dump.ts";
import type { Snapshot } from "./dump.ts";
import { passFile } from "./pass-file.ts";
import type { BackupPlace } from "./place.ts";
import { programsFor } from "./programs.ts";
import type { Programs } from "./programs.ts";
import { feed } from "./run-program.ts";
import { unseal } from "./sealed.ts";
import { requireSame, rowsOf, tableContents } from "./table-contents.ts";
import type { TableContent } from "./table-contents.ts";

const MAX_SNAPSHOT_BYTES = 64_000_000;

const snapshotSchema: z.ZodType<Snapshot> = z.strictObject({
  tables: z.array(z.strictObject({ table: z.string(), rows: z.string(), sum: z.string() })),
  locale: z.strictObject({
    encoding: z.string(),
    collate: z.string(),
    ctype: z.string(),
    provider: z.string(),
    locale: z.string().nullable(),
  }),
});

export interface Readable {
  readonly snapshot: Snapshot;
  readonly programs: Programs;
}

/** Reads all of it: that the frames are genuine, the whole is what was stored, and pg_restore finds
 * its table of contents. Throws a Refusal. */
export const readable = async (
  place: BackupPlace,
  { id }: Backup,
  contents: BackupContents,
  signal: AbortSignal,
): Promise<Readable> => {
  const { environment } = place.parts;
  const major = Number.parseInt(contents.programVersion, 10);
  const search = { folder: place.target.policy.programs, environment };
  const programs = await programsFor({ major, text: contents.serverVersion }, search, signal);
  const snapshot = snapshotSchema.parse(await snapshotOf(place, id, signal));
  const hash = createHash("sha256");
  const plain = await plainOf(place, id, signal, (chunk) => hash.update(chunk));
  const call = { program: programs.restore, args: ["--list"], environment };
  await feed(call, plain, signal).catch(asUnusable);
  if (hash.digest("hex") !== contents.digest) {
    const message = `${id} is not what was stored under this name`;
    throw new Refusal({ code: "backup-damaged", message });
  }
  return { snapshot, programs };
};

const snapshotOf = async (
  place: BackupPlace,
  id: string,
  signal: AbortSignal,
): Promise<unknown> => {
  const name = snapshotKey(id);
  const source = await place.bytes.get(name, signal);
  if (source === null) throw missing(name);
  const parts: Uint8Array[] = [];
  let held = 0;
  for await (const part of unseal(source, { key: place.key, name })) {
    held += part.length;
    if (held > MAX_SNAPSHOT_BYTES) throw new Error(`${name} has no end`);
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
};

const plainOf = async (
  { bytes, key }: BackupPlace,
  id: string,
  signal: AbortSignal,
  told: (chunk: Uint8Array) => void = () => {},
): Promise<AsyncIterable<Uint8Array>> => {
  const name = dumpKey(id);
  const source = await bytes.get(name, signal);
  if (source === null) throw missing(name);
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      told(chunk);
      yield chunk;
    }
  };
  return unseal(watched(), { key, name });
};

const missing = (name: string): Refusal =>
  new Refusal({ code: "backup-damaged", message: `${name} is no longer in the store` });

/** libpq's own words, whatever language the server speaks, and what ends a program from outside. */
const CUT_OFF = new RegExp(
  "server closed the connection|connection to server|(?:from|to) server: |" +
    "no connection to the server|SSL (?:SYSCALL|error)|No space left on device|ended with SIG",
  "u",
);

/** pg_restore's own words, under a code that says what it means for the backup. */
const asUnusable = (error: unknown): never => {
  if (!(error instanceof Refusal) || error.code !== "program-failed") throw error;
  const [{ message } = { message: "" }] = error.bodies;
  if (CUT_OFF.test(message)) {
    const hint = "look at the server, and try again";
    throw new Refusal({ code: "restore-cut-off", message, hint });
  }
  throw new Refusal({
    code: "backup-not-restored",
    message,
    hint: "mend what pg_restore complains of, and try again",
  });
};

/** A server with its usual settings has room for some thousands of tables in one transaction. The
 * setting's name is the same in every language. */
const isTooManyLocks = (error: unknown): boolean =>
  error instanceof Refusal && error.message.includes("max_locks_per_transaction");

interface RestorePlace {
  readonly address: Address;
  readonly owners: boolean;
  /** True: it is of no use to anybody before this has succeeded. */
  readonly fresh: boolean;
}

/** Into a database that was seen to be empty. Throws a Refusal; then nothing of it is there.
 * Returns what is there now, which is what was dumped. */
export const restoreInto = async (
  place: BackupPlace,
  { id }: Backup,
  { programs, snapshot }: Readable,
  { address, owners, fresh }: RestorePlace,
  signal: AbortSignal,
): Promise<{ readonly tables: number; readonly rows: number }> => {
  await using pass = await passFile(place.parts.workFolder, address.password);
  const environment = { ...place.parts.environment, ...pass.environment };
  const restoring = async (...how: readonly string[]): Promise<void> => {
    const args = [
      ...(owners ? [] : ["--no-owner", "--no-acl"]),
      ...how,
      "--exit-on-error",
      "--no-password",
      `--dbname=${address.bare}`,
    ];
    const plain = await plainOf(place, id, signal);
    await feed({ program: programs.restore, args, environment }, plain, signal).catch(asUnusable);
  };
  await restoring("--single-transaction").catch(async (error: unknown) => {
    // Nothing of it is there, and a database that is dropped if this fails needs no transaction.
    if (!fresh || !isTooManyLocks(error)) throw error;
    await restoring();
  });
  const restored = await contentsOf(address, signal);
  requireSame(snapshot.tables, restored);
  return { tables: restored.length, rows: rowsOf(restored) };
};

const contentsOf = (address: Address, signal: AbortSignal): Promise<readonly TableContent[]> =>
  connected(address, signal, async (client) => {
    await client.query("begin transaction isolation level repeatable read, read only");
    return tableContents(client);
  });

/** Throws a Refusal `database-not-empty`. */
export const requireEmpty = async (address: Address, signal: AbortSignal): Promise<void> => {
  const { rows } = await connected(address, signal, (client) =>
    client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
         and not exists (
           select from pg_depend d where d.classid = 'pg_class'::regclass
             and d.objid = c.oid and d.deptype = 'e')
       order by 1 limit 1`,
    ),
  );
  const [first] = rows;
  if (first === undefined) return;
  throw new Refusal({
    code: "database-not-empty",
    message: `expected an empty database, found ${first.name} in it`,
    where: address.text,
    hint: "restore into a new one: --into new:NAME; nothing that is there is ever overwritten",
  });
};

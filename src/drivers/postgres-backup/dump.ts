// One dump: a snapshot of the database, written by pg_dump, sealed and stored as it flows, and what
// the same snapshot holds, counted meanwhile.

import { createHash } from "node:crypto";
import type { BackupContents } from "../../core/backup/backup.ts";
import { connected, serverVersion } from "./client.ts";
import type { Address } from "./address.ts";
import { folderOf } from "./manifest.ts";
import { passFile } from "./pass-file.ts";
import { resolved } from "./place.ts";
import type { BackupPlace } from "./place.ts";
import { programsFor } from "./programs.ts";
import { outputOf } from "./run-program.ts";
import { localeOf } from "./scratch.ts";
import type { Locale } from "./scratch.ts";
import { seal } from "./sealed.ts";
import { rowsOf, tableContents } from "./table-contents.ts";
import type { TableContent } from "./table-contents.ts";

/** Beside the dump, sealed as well. */
export interface Snapshot {
  readonly tables: readonly TableContent[];
  readonly locale: Locale;
}

export const dumpKey = (id: string): string => `${folderOf(id)}/dump`;
export const snapshotKey = (id: string): string => `${folderOf(id)}/snapshot`;

/** Behind what somebody else has locked it waits no longer, so that nobody waits behind it. */
const LOCK_WAIT = "60s";
const CLEAR_MS = 30_000;

/** Throws a Refusal; then nothing is in the store. */
export const dump = async (
  place: BackupPlace,
  id: string,
  signal: AbortSignal,
): Promise<BackupContents> => {
  try {
    return await dumped(place, id, signal);
  } catch (error) {
    // What cannot be removed now goes with the failed backup.
    const gone = place.bytes.delete(dumpKey(id), AbortSignal.timeout(CLEAR_MS));
    await gone.catch(() => undefined);
    throw error;
  }
};

const dumped = async (
  place: BackupPlace,
  id: string,
  signal: AbortSignal,
): Promise<BackupContents> => {
  const address = await resolved(place.parts, place.target.address);
  return connected(address, signal, async (client) => {
    const server = await serverVersion(client);
    const { environment } = place.parts;
    const search = { folder: place.target.policy.programs, environment };
    const programs = await programsFor(server, search, signal);
    await client.query("begin transaction isolation level repeatable read, read only");
    const { rows } = await client.query<{ id: string }>("select pg_export_snapshot() as id");
    const snapshot = rows[0]?.id ?? "";
    const locale = await localeOf(client);
    // Where one half fails, the other need not go on.
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const half = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    };
    const [tables, stored] = await Promise.all([
      half(tableContents(client)),
      half(storeDump({ place, id, address, program: programs.dump, snapshot }, both)),
    ]);
    await storeSnapshot(place, id, { tables, locale }, signal);
    return {
      ...stored,
      serverVersion: server.text,
      programVersion: programs.version,
      tables: tables.length,
      rows: rowsOf(tables),
    };
  });
};

interface Dumping {
  readonly place: BackupPlace;
  readonly id: string;
  readonly address: Address;
  readonly program: string;
  readonly snapshot: string;
}

const storeDump = async (
  { place, id, address, program, snapshot }: Dumping,
  signal: AbortSignal,
): Promise<Pick<BackupContents, "bytes" | "digest">> => {
  await using pass = await passFile(place.parts.workFolder, address.password);
  const args = [
    "--format=custom",
    "--no-password",
    `--lock-wait-timeout=${LOCK_WAIT}`,
    `--snapshot=${snapshot}`,
    `--dbname=${address.bare}`,
  ];
  const environment = { ...place.parts.environment, ...pass.environment };
  const output = outputOf({ program, args, environment }, signal);
  const key = dumpKey(id);
  const hash = createHash("sha256");
  const sealed = seal(output, { key: place.key, name: key });
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of sealed) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const bytes = await place.bytes.put(key, watched(), signal);
  return { bytes, digest: hash.digest("hex") };
};

const storeSnapshot = async (
  { bytes, key }: BackupPlace,
  id: string,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<void> => {
  const name = snapshotKey(id);
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(snapshot));
  };
  await bytes.put(name, seal(source(), { key, name }), signal);
};

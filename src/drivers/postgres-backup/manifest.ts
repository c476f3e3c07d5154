// What is known of a backup, beside it in its store, under a code that only who has the key can
// write: whoever may write to the store can remove a backup, but not pass one off as another.

import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { backupName } from "../../core/backup/backup.ts";
import type { Backup, BackupState, Restored } from "../../core/backup/backup.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { instant } from "../../core/ids.ts";
import type { Bytes } from "../../ports/bytes.ts";
import { KEY_BYTES } from "./sealed.ts";

const MAX_BYTES = 1_000_000;

const at = z.number().int().transform(instant);
const fault = { at, code: z.string(), why: z.string() };
const contents = z.strictObject({
  bytes: z.number(),
  digest: z.string(),
  serverVersion: z.string(),
  programVersion: z.string(),
  tables: z.number(),
  rows: z.number(),
});
const state: z.ZodType<BackupState> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("running"), until: at }),
  z.strictObject({ kind: z.literal("failed"), ...fault }),
  z.strictObject({
    kind: z.literal("stored"),
    contents,
    unproven: z.strictObject(fault).nullable(),
  }),
  z.strictObject({ kind: z.literal("verifying"), until: at, contents }),
  z.strictObject({ kind: z.literal("verified"), at, tookMs: z.number(), contents }),
  z.strictObject({ kind: z.literal("bad"), ...fault, contents }),
  z.strictObject({ kind: z.literal("removing") }),
]);
const restored: z.ZodType<Restored> = z.strictObject({
  by: z.string(),
  at,
  into: z.string(),
  order: z.string().optional(),
  state: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("running"), until: at }),
    z.strictObject({ kind: z.literal("done"), at, tables: z.number(), rows: z.number() }),
    z.strictObject({ kind: z.literal("failed"), ...fault }),
  ]),
});
const backup: z.ZodType<Backup> = z.strictObject({
  id: z.string().refine((id) => backupName(id) !== null),
  database: z.string(),
  environment: z.string().nullable(),
  begunAt: at,
  by: z.string(),
  run: z.string().nullable(),
  state,
  restored: restored.nullable(),
});
const manifest = z.strictObject({ format: z.literal(1), backup, code: z.string() });

export const MANIFEST = "manifest.json";

/** `main/_/20261121-063000-k3x9ab`, where all that belongs to it lies. No environment is called
 * `_`. */
export const folderOf = (id: string): string => {
  const name = backupName(id);
  if (name === null) throw new Error(`${id} is no backup's id`);
  return `${name.database}/${name.environment ?? "_"}/${name.stamp}`;
};

export const writeManifest = async (
  bytes: Bytes,
  key: Buffer,
  written: Backup,
  signal: AbortSignal,
): Promise<void> => {
  const content = { format: 1, backup: written, code: codeOf(key, written).toString("hex") };
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
  };
  await bytes.put(`${folderOf(written.id)}/${MANIFEST}`, source(), signal);
};

/** Null: there is none, or it was not written under this key, or not for this place. */
export const readManifest = async (
  bytes: Bytes,
  key: Buffer,
  id: string,
  signal: AbortSignal,
): Promise<Backup | null> => {
  const source = await bytes.get(`${folderOf(id)}/${MANIFEST}`, signal);
  if (source === null) return null;
  const read = manifest.safeParse(await parsed(source));
  if (!read.success || read.data.backup.id !== id) return null;
  const given = Buffer.from(read.data.code, "hex");
  const right = codeOf(key, read.data.backup);
  return given.length === right.length && timingSafeEqual(given, right) ? read.data.backup : null;
};

const codeOf = (key: Buffer, written: Backup): Buffer => {
  const own = Buffer.from(hkdfSync("sha256", key, "", "sluice backup manifest", KEY_BYTES));
  return createHmac("sha256", own).update(canonicalJson(written)).digest();
};

const parsed = async (source: AsyncIterable<Uint8Array>): Promise<unknown> => {
  const parts: Uint8Array[] = [];
  let held = 0;
  for await (const part of source) {
    held += part.length;
    if (held > MAX_BYTES) return null;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
  } catch {
    return null;
  }
};

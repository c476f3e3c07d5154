// What an artifact consists of, as one text whose SHA-256 is its digest; and the rules that every
// entry keeps, so that no artifact can reach outside its own folder. They are checked when it is
// stored and again before a copy is laid down: what lies on disk may have been edited.

import { z } from "zod";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { Digest } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { sha256Hex } from "../../core/sha256.ts";

export const MAX_ENTRIES = 100_000;
export const MAX_TOTAL_BYTES = 2 * 1024 ** 3;
/** In bytes of UTF-8, below the artifact's root. */
const MAX_PATH_BYTES = 1_024;
const MAX_NAME_BYTES = 255;
const MAX_DEPTH = 64;

const entrySchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("file"),
    path: z.string(),
    executable: z.boolean(),
    bytes: z.number().int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.strictObject({ kind: z.literal("folder"), path: z.string() }),
  z.strictObject({ kind: z.literal("link"), path: z.string(), target: z.string() }),
]);

/** Paths are relative, with `/` between names. Every folder has an entry of its own. */
export type Entry = z.infer<typeof entrySchema>;
export type FileEntry = Extract<Entry, { kind: "file" }>;

const manifestSchema = z.strictObject({ version: z.literal(1), entries: z.array(entrySchema) });

/** The same entries give the same text, whatever order they were found in. Throws a Refusal for an
 * entry that breaks a rule. */
export const manifestText = (entries: readonly Entry[]): string => {
  checkEntries(entries);
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return canonicalJson({ version: 1, entries: sorted });
};

export const digestOf = (text: string): Digest => `sha256:${sha256Hex(text)}` as Digest;

/** Throws a Refusal unless the text is what the digest says and keeps the rules. */
export const parseManifest = (text: string, digest: Digest): readonly Entry[] => {
  if (digestOf(text) !== digest) throw damaged(digest, "its list of files is not the stored one");
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw damaged(digest, "its list of files cannot be read");
  checkEntries(parsed.data.entries);
  return parsed.data.entries;
};

export const damaged = (digest: Digest, why: string): Refusal =>
  new Refusal({
    code: "artifact-damaged",
    message: `the stored artifact is damaged: ${why}`,
    where: digest,
    hint: "create the release again from its source",
  });

const checkEntries = (entries: readonly Entry[]): void => {
  checkSize(entries);
  const kinds = new Map<string, Entry["kind"]>();
  for (const entry of entries) {
    checkPath(entry.path);
    if (kinds.has(entry.path)) throw refuse("artifact-name", entry.path, "appears twice");
    kinds.set(entry.path, entry.kind);
    if (entry.kind === "link") checkTarget(entry.path, entry.target);
  }
  for (const { path } of entries) {
    const cut = path.lastIndexOf("/");
    if (cut !== -1 && kinds.get(path.slice(0, cut)) !== "folder") {
      throw refuse("artifact-name", path, "lies in something that is not a folder of the artifact");
    }
  }
};

export const checkSize = (entries: readonly Entry[]): void => {
  if (entries.length > MAX_ENTRIES) {
    throw refuse("artifact-too-large", "", `has more than ${MAX_ENTRIES} entries`);
  }
  const bytes = entries.reduce((sum, each) => sum + (each.kind === "file" ? each.bytes : 0), 0);
  if (bytes > MAX_TOTAL_BYTES) {
    throw refuse("artifact-too-large", "", `is larger than ${MAX_TOTAL_BYTES} bytes`);
  }
};

/** Control characters, and what stands for bytes that are no UTF-8. */
const UNPRINTABLE = /[\p{Cc}\ufffd]/u;

export const checkPath = (path: string): void => {
  const names = path.split("/");
  for (const name of names) {
    if (name === "" || name === "." || name === "..")
      throw refuse("artifact-name", path, "climbs out");
    if (UNPRINTABLE.test(name)) {
      throw refuse("artifact-name", path, "has a name with control characters or broken UTF-8");
    }
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
      throw refuse("artifact-name", path, `has a name of more than ${MAX_NAME_BYTES} bytes`);
    }
  }
  if (names.length > MAX_DEPTH)
    throw refuse("artifact-name", path, `is deeper than ${MAX_DEPTH} folders`);
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw refuse("artifact-name", path, `has a path of more than ${MAX_PATH_BYTES} bytes`);
  }
};

/**
 * A link may climb only at its beginning and no higher than the root. A link's own folder is a real
 * one, so such climbing ends inside; going down from there passes through folders, or through links
 * that keep the same rule. So no chain of links leads outside.
 */
const checkTarget = (path: string, target: string): void => {
  const outside = refuse("artifact-link", path, `is a link that leaves the artifact: ${target}`);
  if (target === "" || target.startsWith("/") || UNPRINTABLE.test(target)) throw outside;
  const steps = target.split("/").filter((step) => step !== "." && step !== "");
  const climbs = steps.findIndex((step) => step !== "..");
  const ups = climbs === -1 ? steps.length : climbs;
  if (ups > path.split("/").length - 1 || steps.slice(ups).includes("..")) throw outside;
  if (Buffer.byteLength(target) > MAX_PATH_BYTES) throw outside;
};

export const refuse = (code: string, where: string, what: string): Refusal =>
  new Refusal({
    code,
    message: `${where === "" ? "the artifact" : JSON.stringify(where)} ${what}`,
    where: where === "" ? undefined : where,
    hint: "take it out of the artifact, or build the artifact into a folder of its own",
  });

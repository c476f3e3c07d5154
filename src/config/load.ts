// Definitions from files and folders. Limits are checked before anything is read.

import { readdirSync, readFileSync, statSync, type Stats } from "node:fs";
import { extname, join, resolve } from "node:path";
import type { Definitions } from "../core/playbook.ts";
import { Refusal } from "../core/refusal.ts";
import { parseDefinitions } from "./parse.ts";
import { MAX_FILE_BYTES, tooLarge, type SourceText } from "./yaml-source.ts";

const MAX_FILES = 1_000;
const MAX_TOTAL_BYTES = 16 * 1_048_576;
/** Folders within folders. */
const MAX_FOLDER_DEPTH = 8;
const EXTENSIONS: readonly string[] = [".yaml", ".yml"];
/** Folders beside these that begin with a dot are skipped as well. */
const SKIPPED_FOLDERS: readonly string[] = ["node_modules"];

/** Files as they are named, folders with all *.yaml and *.yml below them, by name. Links to folders
 * are not followed. Throws a Refusal. */
export const loadDefinitions = (paths: readonly string[]): Definitions =>
  parseDefinitions(readDefinitions(paths));

/** The texts, for whoever sends them on. Throws a Refusal. */
export const readDefinitions = (paths: readonly string[]): readonly SourceText[] => {
  const files = [
    ...new Map(
      paths.flatMap((path) => filesAt(path)).map((file) => [resolve(file), file]),
    ).values(),
  ];
  if (files.length > MAX_FILES) throw tooMany();
  if (files.length === 0) {
    const message = "expected definitions, found no *.yaml or *.yml file";
    throw new Refusal({
      code: "no-definitions",
      message,
      where: paths.join(" "),
      hint: "sluice init writes a starter set",
    });
  }
  let total = 0;
  return files.map((path) => {
    total += statOf(path).size;
    if (total > MAX_TOTAL_BYTES) {
      const message = `expected at most ${MAX_TOTAL_BYTES} bytes of definitions in all, found more`;
      throw new Refusal({ code: "definitions-too-large", message, where: path });
    }
    return { path, text: readText(path) };
  });
};

const filesAt = (path: string): readonly string[] => {
  const stats = statOf(path);
  if (stats.isDirectory()) return filesBelow(path, 0);
  if (stats.isFile()) return [path];
  throw new Refusal({
    code: "not-a-file",
    message: "expected a file or a folder, found something else",
    where: path,
  });
};

const filesBelow = (folder: string, depth: number): readonly string[] => {
  if (depth > MAX_FOLDER_DEPTH) {
    const message = `expected at most ${MAX_FOLDER_DEPTH} folders within each other, found more`;
    throw new Refusal({ code: "too-deep", message, where: folder });
  }
  const files: string[] = [];
  for (const entry of reading(folder, () => readdirSync(folder, { withFileTypes: true })).toSorted(
    byName,
  )) {
    if (entry.name.startsWith(".") || SKIPPED_FOLDERS.includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...filesBelow(path, depth + 1));
    else if (EXTENSIONS.includes(extname(entry.name)) && statOf(path).isFile()) files.push(path);
    if (files.length > MAX_FILES) throw tooMany();
  }
  return files;
};

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

const tooMany = (): Refusal =>
  new Refusal({
    code: "too-many-files",
    message: `expected at most ${MAX_FILES} files, found more`,
    hint: "name the folder that holds the definitions",
  });

const readText = (path: string): string => {
  if (statOf(path).size > MAX_FILE_BYTES) throw new Refusal(tooLarge(path));
  const bytes = reading(path, () => readFileSync(path));
  if (bytes.length > MAX_FILE_BYTES) throw new Refusal(tooLarge(path));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const message = "expected UTF-8 text, found other bytes";
    throw new Refusal({
      code: "not-utf8",
      message,
      where: path,
      hint: "save it as UTF-8; is it a definition?",
    });
  }
};

const statOf = (path: string): Stats => reading(path, () => statSync(path));

const reading = <T>(path: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    const message = missing
      ? "expected a file or a folder, found nothing"
      : `it could not be read: ${code === "" ? String(error) : code}`;
    throw new Refusal({ code: missing ? "missing-file" : "unreadable-file", message, where: path });
  }
};

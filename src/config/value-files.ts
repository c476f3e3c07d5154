// Files of values that configurations name: no definitions, but handed over with them. Each is read
// when it is first asked for.

import * as z from "zod";
import type { ConfigMap } from "../core/configuration/values.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { configValues } from "./config-values.ts";
import { ownFaults } from "./entries.ts";
import { plainValue, type Head } from "./heads.ts";
import { folderOf, normalPath, unknownFile } from "./link-lists.ts";
import type { Tell } from "./names.ts";
import { isPlainMap, placeInSource } from "./tree.ts";
import { readSource, type SourceText } from "./yaml-source.ts";

export interface ValueFile {
  readonly path: string;
  readonly values: ConfigMap;
  where(path: readonly (string | number)[]): string;
}

export interface ValueFiles {
  /** Null: it is not there, or wrong, which was told. `where` names it. */
  get(wanted: string, from: string, where: () => string, tell: Tell): ValueFile | null;
}

/** Of files that configurations name: nothing in them is a definition. */
export const valuePathsIn = (heads: readonly Head[]): ReadonlySet<string> =>
  new Set(
    heads
      .filter(({ kind }) => kind === "Configuration")
      .flatMap(({ value, source }) =>
        layersOf(value).flatMap((layer) => {
          const file = isPlainMap(layer) ? layer["file"] : undefined;
          return typeof file === "string" ? [valuePath(file, source.path)] : [];
        }),
      ),
  );

const layersOf = (value: Head["value"]): readonly unknown[] => {
  const { environments } = value;
  return [value, ...(isPlainMap(environments) ? Object.values(environments) : [])];
};

const valuePath = (wanted: string, from: string): string =>
  normalPath(`${folderOf(from)}${wanted}`);

export const valueFiles = (files: readonly SourceText[]): ValueFiles => {
  const texts = new Map(files.map((file) => [normalPath(file.path), file]));
  const known = new Map<string, ReadFile>();
  return {
    get: (wanted, from, where, tell) => {
      const path = valuePath(wanted, from);
      const text = texts.get(path);
      if (text === undefined) {
        tell(() => unknownFile(wanted, from, { paths: [...texts.keys()] }, where()));
        return null;
      }
      const read = known.get(path) ?? readFile(text);
      known.set(path, read);
      for (const fault of read.faults) tell(() => fault);
      return read.file;
    },
  };
};

interface ReadFile {
  readonly file: ValueFile | null;
  readonly faults: readonly RefusalBody[];
}

const SHAPE: z.ZodType<ConfigMap> = configValues();

const readFile = (text: SourceText): ReadFile => {
  const { documents, faults } = readSource(text);
  const [source, second] = documents;
  if (faults.length > 0 || source === undefined) return { file: null, faults };
  if (second !== undefined) {
    const message = "expected one document of values, found more";
    return { file: null, faults: [{ code: "too-many-documents", message, where: text.path }] };
  }
  const value = plainValue(source);
  if (value.kind === "refused") return { file: null, faults: value.faults };
  const parsed = SHAPE.safeParse(value.value);
  const wrong = ownFaults({ source, value: value.value }, SHAPE, parsed);
  if (wrong.length > 0 || !parsed.success) return { file: null, faults: wrong };
  const where = (path: readonly (string | number)[]): string => placeInSource(source, path).where;
  return { file: { path: text.path, values: parsed.data, where }, faults: [] };
};

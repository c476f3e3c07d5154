// Plants files in an otherwise empty repository and says what a rule has to say about them.

import { violationLine } from "./law.ts";
import type { SourceText, Violation } from "./source.ts";
import { treeOf } from "./tree.ts";
import type { Tree } from "./tree.ts";

export type Rule = (tree: Tree) => readonly Violation[];

/** Texts by path. A header is put before each script, so that line 1 is line 2. */
export type Planted = Readonly<Record<string, string>>;

const HEADER = "// A planted file, for the law to judge.\n";

export const plant = (files: Planted): readonly SourceText[] =>
  Object.entries(files).map(([path, text]) => ({
    path,
    text: path.endsWith(".ts") ? `${HEADER}${text}` : text,
  }));

/** `path:line rule: message` of each violation. */
export const judge = (rule: Rule, files: Planted): readonly string[] =>
  rule(treeOf(plant(files))).map(violationLine);

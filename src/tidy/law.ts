// All rules in one place. Run over the repository by src/tidy.test.ts.

import { checkCycles } from "./cycles.ts";
import { checkDeadExports, checkDeadFiles } from "./dead.ts";
import { EXCEPTIONS, withExceptions } from "./exceptions.ts";
import { checkImports, checkRooms } from "./imports.ts";
import { checkPrinting } from "./printing.ts";
import { checkShape } from "./shape.ts";
import { checkColumns, checkDistribution, checkFileLength, checkFunctionLength } from "./size.ts";
import type { SourceText, Violation } from "./source.ts";
import { checkHeaders, checkText } from "./text.ts";
import { treeOf } from "./tree.ts";
import type { Tree } from "./tree.ts";
import { checkWords } from "./words.ts";

const RULES: readonly ((tree: Tree) => readonly Violation[])[] = [
  checkImports,
  checkRooms,
  checkCycles,
  checkWords,
  checkPrinting,
  checkShape,
  checkFileLength,
  checkDistribution,
  checkColumns,
  checkFunctionLength,
  checkHeaders,
  checkText,
  checkDeadFiles,
  checkDeadExports,
];

/** Every violation of every rule, by path and line. */
export const violationsOf = (texts: readonly SourceText[]): readonly Violation[] => {
  const tree = treeOf(texts);
  const all = withExceptions(
    RULES.flatMap((rule) => rule(tree)),
    EXCEPTIONS,
  );
  return all.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
};

/** `path:line rule: message`, one line. */
export const violationLine = (violation: Violation): string =>
  `${violation.path}:${violation.line} ${violation.rule}: ${violation.message}`;

// Rules about size: what can be read at one sitting is understood, and only that.

import type { FunctionSpan, Module } from "./module.ts";
import { isProduct, isTypeScript, kindOf } from "./source.ts";
import type { SourceText, Violation } from "./source.ts";
import type { Tree } from "./tree.ts";

const MAX_FILE_LINES = 500;
const MAX_MEDIAN_LINES = 80;
/** Nine files of ten may be this long. */
const MAX_P90_LINES = 250;
const MAX_FUNCTION_LINES = 70;
const MAX_COLUMNS = 100;

const linesOf = (source: SourceText): readonly string[] => source.text.trimEnd().split("\n");

const scriptsOf = (tree: Tree): readonly SourceText[] =>
  tree.texts.filter((source) => isTypeScript(source.path));

export const checkFileLength = (tree: Tree): readonly Violation[] =>
  scriptsOf(tree)
    .filter((source) => linesOf(source).length > MAX_FILE_LINES)
    .map((source) => ({
      rule: "file-length",
      path: source.path,
      line: 0,
      message: `${linesOf(source).length} lines; at most ${MAX_FILE_LINES}`,
    }));

/** Over the product's files: the house as a whole stays readable, not just its worst file. */
export const checkDistribution = (tree: Tree): readonly Violation[] => {
  const counted = scriptsOf(tree).filter((source) => isProduct(source.path));
  const sizes = counted.map((source) => linesOf(source).length).toSorted((a, b) => a - b);
  const limits = [
    { share: 0.5, name: "median", max: MAX_MEDIAN_LINES },
    { share: 0.9, name: "90th percentile", max: MAX_P90_LINES },
  ];
  return limits.flatMap(({ share, name, max }) => {
    const size = sizes[Math.max(0, Math.ceil(sizes.length * share) - 1)] ?? 0;
    if (size <= max) return [];
    const message = `the ${name} of file lengths is ${size} lines; at most ${max}`;
    return [{ rule: "file-lengths", path: "src", line: 0, message }];
  });
};

export const checkColumns = (tree: Tree): readonly Violation[] =>
  scriptsOf(tree).flatMap((source) =>
    linesOf(source).flatMap((text, at) => {
      const columns = Array.from(text).length;
      if (columns <= MAX_COLUMNS) return [];
      const message = `${columns} columns; at most ${MAX_COLUMNS}`;
      return [{ rule: "columns", path: source.path, line: at + 1, message }];
    }),
  );

export const checkFunctionLength = (tree: Tree): readonly Violation[] =>
  tree.modules.flatMap((module) =>
    module.functions
      .filter((one) => one.lines > MAX_FUNCTION_LINES && !isSuite(one, module))
      .map((one) => ({
        rule: "function-length",
        path: module.path,
        line: one.line,
        message: `${one.name} has ${one.lines} lines; at most ${MAX_FUNCTION_LINES}`,
      })),
  );

/** A list of tests is not one thought: `describe(…)`, and the exported function of a contract. */
const isSuite = (one: FunctionSpan, module: Module): boolean => {
  const kind = kindOf(module.path);
  if (kind === "code") return false;
  if (one.callee !== null) return one.callee === "describe" || one.callee === "suite";
  return kind === "testing" && module.exports.some((offered) => offered.name === one.name);
};

// Rules about the text of any tracked file: a header that says what a script is, nothing left to do
// later, and nothing that only exists on somebody's machine.

import { isTypeScript } from "./source.ts";
import type { SourceText, Violation } from "./source.ts";
import type { Tree } from "./tree.ts";

/** Shorter than this says nothing. */
const MIN_HEADER_CHARS = 15;

export const checkHeaders = (tree: Tree): readonly Violation[] =>
  tree.texts
    .filter((source) => isTypeScript(source.path) && !startsWithSentence(source.text))
    .map((source) => ({
      rule: "header",
      path: source.path,
      line: 1,
      message: "begin with a // comment: in a sentence or two, what this file is and decides",
    }));

const startsWithSentence = (text: string): boolean => {
  const lines = text.replace(/^#!.*\n/, "").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  const header = lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.slice("//".length).trim())
    .join(" ");
  return header.length >= MIN_HEADER_CHARS && /[.:!?)]$/.test(header);
};

interface Pattern {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly message: string;
}

/** Written so that this file does not match itself. */
const PATTERNS: readonly Pattern[] = [
  {
    rule: "unfinished",
    pattern: /\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b/,
    message: "finish it, or say in a sentence why it is as it is",
  },
  {
    rule: "machine-path",
    pattern: /(?<![\w.~-])\/(?:work|root|(?:home|Users)\/[\w.-]+)\/[\w.-]+/,
    message: "this path exists on one machine only",
  },
  {
    rule: "registry",
    pattern: /https?:\/\/[\w.-]*registry[\w.-]*\.\w+/,
    message: "where packages come from is each machine's own business",
  },
  {
    rule: "registry",
    pattern: /"resolved":\s*"http/,
    message: "the lock file pins content by hash, not the host it came from",
  },
];

export const checkText = (tree: Tree): readonly Violation[] => tree.texts.flatMap(patternsIn);

const patternsIn = (source: SourceText): readonly Violation[] =>
  source.text.split("\n").flatMap((text, at) =>
    PATTERNS.flatMap(({ rule, pattern, message }) => {
      const found = pattern.exec(text);
      if (found === null) return [];
      return [{ rule, path: source.path, line: at + 1, message: `${found[0]}: ${message}` }];
    }),
  );

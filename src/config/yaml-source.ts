// From the text of a file to its YAML documents, within limits: what is too large, too deep, not
// text or not plain YAML 1.2 is refused here, quickly and before anything is built from it. Most
// files are read by plain-yaml.ts; their places are only worked out where a mistake is to be told.

import { Composer, LineCounter, Parser, Lexer, type CST, type Document } from "yaml";
import type { RefusalBody } from "../core/refusal.ts";
import { KINDS } from "./kind.ts";
import { plainDocuments, type PlainDocument } from "./plain-yaml.ts";

export interface SourceText {
  /** As it was given, for messages. */
  readonly path: string;
  readonly text: string;
}

/** Holidays: no YAML, but handed over with it. */
export const isCalendarFile = ({ path }: SourceText): boolean => /\.ics$/iu.test(path);

/** A document with its places. */
export interface YamlDocument {
  readonly path: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** Lines of the file before the text that `lines` counts. */
  readonly linesBefore: number;
}

/** A document of which only what it says is known, until somebody asks where it says so. */
export interface SourceDocument {
  readonly path: string;
  /** Null: it is not known before the whole of it is read. */
  readonly plain: { readonly value: unknown } | null;
  /** Refused: it passes a limit. The same answer each time. */
  whole(): WholeDocument;
  /** How much of it was read so far, in words and signs. */
  lexemes(): number;
}

export type WholeDocument =
  | { readonly kind: "ok"; readonly document: YamlDocument }
  | { readonly kind: "refused"; readonly fault: RefusalBody };

const MAX_FILE_BYTES = 1_048_576;
/** Maps and lists within each other; a playbook needs eight. */
const MAX_DEPTH = 32;
const MAX_DOCUMENTS = 500;
/** Words, signs, spaces and line ends of one file: some ten thousand lines, and half a second of
 * reading at the most. */
const MAX_LEXEMES = 60_000;
/** Longer explanations of the parser quote the file. */
const MAX_MESSAGE = 160;
/** Control characters but for tab, line ends and NEL; and U+FFFD, which stands where bytes were not
 * UTF-8. */
const NOT_TEXT = /[^\P{Cc}\t\n\r\u0085]|[\ufffd-\uffff]/u;

export interface ReadSource {
  readonly documents: readonly SourceDocument[];
  /** Of the file as a whole, or of documents that are not among the others. */
  readonly faults: readonly RefusalBody[];
  /** How much of it was read, in words and signs. */
  readonly lexemes: number;
}

export const readSource = ({ path, text }: SourceText): ReadSource => {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) return refused(tooLarge(path));
  const strange = NOT_TEXT.exec(text);
  if (strange === null) return readText(path, text.startsWith("\uFEFF") ? text.slice(1) : text);
  const line = text.slice(0, strange.index).split("\n").length;
  const code = strange[0].charCodeAt(0).toString(16).padStart(4, "0");
  const message = `expected UTF-8 text, found the character U+${code.toUpperCase()}`;
  const hint = "is this a definition?";
  return refused({ code: "not-text", message, where: `${path}:${line}`, hint });
};

const tooLarge = (path: string): RefusalBody => ({
  code: "file-too-large",
  message: `expected at most ${MAX_FILE_BYTES} bytes, found more`,
  where: path,
  hint: "is this a definition? If so, split it",
});

const refused = (fault: RefusalBody, lexemes = 0): ReadSource & Composed => ({
  documents: [],
  faults: [fault],
  lexemes,
});

const readText = (path: string, text: string): ReadSource => {
  const unix = text.replaceAll("\r\n", "\n");
  const plain = plainDocuments(unix);
  if (plain !== null && plain.length > 0 && plain.length <= MAX_DOCUMENTS) {
    return { documents: plain.map((one) => onDemand(path, unix, one)), faults: [], lexemes: 0 };
  }
  const { documents, faults, lexemes } = compose(path, text, 0);
  return { documents: documents.map(alreadyWhole), faults, lexemes };
};

const alreadyWhole = (document: YamlDocument): SourceDocument => ({
  path: document.path,
  plain: null,
  whole: () => ({ kind: "ok", document }),
  lexemes: () => 0,
});

const onDemand = (path: string, text: string, plain: PlainDocument): SourceDocument => {
  const { value, from, to, linesBefore } = plain;
  let known: WholeDocument | null = null;
  let lexemes = 0;
  const whole = (): WholeDocument => {
    if (known !== null) return known;
    const composed = compose(path, text.slice(from, to), linesBefore);
    const [document] = composed.documents;
    const [fault] = composed.faults;
    lexemes = composed.lexemes;
    if (document === undefined && fault === undefined)
      throw new Error(`${path}:${linesBefore + 1} was read as a document and is none`);
    known =
      fault === undefined && document !== undefined
        ? { kind: "ok", document }
        : { kind: "refused", fault: fault ?? tooLarge(path) };
    return known;
  };
  return { path, plain: { value }, whole, lexemes: () => lexemes };
};

interface Composed {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly RefusalBody[];
  readonly lexemes: number;
}

const compose = (path: string, text: string, linesBefore: number): Composed => {
  const lines = new LineCounter();
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents: YamlDocument[] = [];
  const faults: RefusalBody[] = [];
  const meter: Meter = { lexemes: 0, passed: null };
  for (const document of composer.compose(tokensWithin(text, lines, meter))) {
    if (meter.passed !== null) break;
    const wrong = syntaxFaults(path, document, (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line: line + linesBefore, column: col };
    });
    faults.push(...wrong);
    const empty =
      document.contents === null || (wrong.length === 0 && isNothing(document.contents));
    if (wrong.length === 0 && !empty) documents.push({ path, document, lines, linesBefore });
  }
  const { lexemes, passed } = meter;
  if (passed !== null) {
    const { offset, ...fault } = passed;
    const where = `${path}:${lineAt(lines, offset) + linesBefore}`;
    return refused({ ...fault, where }, lexemes);
  }
  if (documents.length > 0 || faults.length > 0) return { documents, faults, lexemes };
  const message = "expected a definition, found none";
  const hint = `begin with kind: one of ${KINDS.join(", ")}`;
  return refused({ code: "empty-file", message, where: path, hint }, lexemes);
};

const lineAt = (lines: LineCounter, offset: number): number => lines.linePos(offset).line;

const isNothing = (node: object): boolean =>
  "value" in node && node.value === null && "source" in node && node.source === "";

/** Counts while the text is read, and holds the first limit that was passed. */
interface Meter {
  lexemes: number;
  passed: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly offset: number;
  } | null;
}

/** The parser's tokens, ended early where a limit is passed. */
function* tokensWithin(text: string, lines: LineCounter, meter: Meter): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let documents = 0;
  for (const lexeme of new Lexer().lex(text)) {
    meter.lexemes += 1;
    for (const token of parser.next(lexeme)) {
      if (token.type === "document") documents += 1;
      yield token;
    }
    meter.passed = limitPassed(
      { documents, depth: parser.stack.length, offset: parser.offset },
      meter,
    );
    if (meter.passed !== null) return;
  }
  yield* parser.end();
}

const limitPassed = (
  seen: { readonly documents: number; readonly depth: number; readonly offset: number },
  meter: Meter,
): Meter["passed"] => {
  const { offset } = seen;
  const limit = (code: string, most: string, hint: string): Meter["passed"] => ({
    code,
    message: `expected at most ${most}, found more`,
    hint,
    offset,
  });
  if (seen.documents > MAX_DOCUMENTS)
    return limit("too-many-documents", `${MAX_DOCUMENTS} documents in a file`, "split the file");
  if (seen.depth > MAX_DEPTH)
    return limit(
      "too-deep",
      `${MAX_DEPTH} maps and lists within each other`,
      "is this a definition?",
    );
  if (meter.lexemes > MAX_LEXEMES)
    return limit(
      "too-long",
      `${MAX_LEXEMES} words and signs`,
      "is this a definition? If so, split the file",
    );
  return null;
};

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with spaces, not with tabs",
  BAD_INDENT: "indent what belongs together by the same number of spaces",
  BLOCK_IN_FLOW: "close the bracket or brace first",
  MISSING_CHAR: "a quote, bracket, comma or colon is missing",
  BAD_SCALAR_START: "put the value in quotes",
  BLOCK_AS_IMPLICIT_KEY: "indent what belongs together by the same number of spaces",
  MULTILINE_IMPLICIT_KEY: "a colon is missing, or a quote or bracket is not closed",
};

/** The parser asks for both, the bracket and the indentation; mostly it is the bracket. */
const unclosed = (sentence: string): string | undefined => {
  const [, sign] = /sufficiently indented and end with a (.)/u.exec(sentence) ?? [];
  return sign === undefined ? undefined : `close it with ${sign}`;
};

/** The first mistake of a document: what comes behind it is its echo. */
const syntaxFaults = (
  path: string,
  document: Document.Parsed,
  placeAt: (offset: number) => { readonly line: number; readonly column: number },
): readonly RefusalBody[] => {
  const yaml = document.directives?.yaml;
  if (yaml?.explicit === true && yaml.version !== "1.2") {
    const message = `expected YAML 1.2, found a directive for ${yaml.version}`;
    return [{ code: "bad-yaml", message, where: `${path}:1`, hint: "leave the %YAML line out" }];
  }
  const [error] = [...document.errors, ...document.warnings].toSorted(
    (a, b) => a.pos[0] - b.pos[0],
  );
  if (error === undefined) return [];
  const sentence = (error.message.split("\n")[0] ?? "").slice(0, MAX_MESSAGE);
  const { line, column } = placeAt(error.pos[0]);
  return [
    {
      code: "bad-yaml",
      message: `this is not YAML at column ${column}: ${sentence}`,
      where: `${path}:${line}`,
      hint: unclosed(sentence) ?? HINTS[error.code] ?? "compare with the lines around it",
    },
  ];
};

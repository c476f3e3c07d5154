// Text measured in terminal cells: wide characters take two, combining ones none, colour none. All
// padding, cutting and wrapping is done here.

import { stripVTControlCharacters } from "node:util";

/** One cell each, and by far the most of what is printed: Latin, arrows, lines, bars, marks. */
const NARROW =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2199\u2500-\u25fc\u2713-\u2718]*$/;
/** Emoji, the scripts of East Asia, and the full-width forms of others. */
const WIDE = new RegExp(
  String.raw`^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}` +
    String.raw`\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]`,
  "u",
);
const NOTHING = /^[\p{Mark}\p{Cf}]/u;

/** A colour sequence, kept by split() as a part of its own. */
// oxlint-disable-next-line no-control-regex
const SGR = /(\u001b\[[0-9;]*m)/;

/** What a person takes for one character. */
const graphemes = (text: string): readonly string[] =>
  NARROW.test(text)
    ? text.split("")
    : Array.from(new Intl.Segmenter("en").segment(text), ({ segment }) => segment);

/** Cells that the text takes in a terminal; colour sequences take none. */
export const widthOf = (text: string): number => {
  const bare = text.includes("\u001b") ? stripVTControlCharacters(text) : text;
  if (NARROW.test(bare)) return bare.length;
  return graphemes(bare).reduce((cells, grapheme) => cells + cellsOf(grapheme), 0);
};

const cellsOf = (grapheme: string): number => {
  if (NARROW.test(grapheme)) return 1;
  if (NOTHING.test(grapheme)) return 0;
  return WIDE.test(grapheme) || grapheme.includes("\ufe0f") ? 2 : 1;
};

export const padEnd = (text: string, cells: number): string =>
  text + " ".repeat(Math.max(0, cells - widthOf(text)));

export const padStart = (text: string, cells: number): string =>
  " ".repeat(Math.max(0, cells - widthOf(text))) + text;

/** At most so many cells, with … in place of what is missing. For text without colour. */
export const cut = (text: string, cells: number): string => {
  if (widthOf(text) <= cells) return text;
  if (cells <= 1) return "…".slice(0, Math.max(0, cells));
  let kept = "";
  let used = 0;
  for (const segment of graphemes(text)) {
    const next = cellsOf(segment);
    if (used + next > cells - 1) break;
    kept += segment;
    used += next;
  }
  return `${kept}…`;
};

/** At most so many cells of a line that may have colour; what is beyond is dropped. */
export const clip = (line: string, cells: number): string => {
  if (widthOf(line) <= cells) return line;
  let kept = "";
  let used = 0;
  for (const part of line.split(SGR)) {
    if (part.startsWith("\u001b")) {
      kept += part;
      continue;
    }
    for (const segment of graphemes(part)) {
      used += cellsOf(segment);
      if (used <= cells) kept += segment;
    }
  }
  return kept;
};

/** Lines of at most so many cells, broken at spaces; a longer word is broken where it must be. For
 * text without colour. */
export const wrap = (text: string, cells: number): readonly string[] => {
  const room = Math.max(1, cells);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, room))) {
    if (line === "") line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= room) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
};

/** As wrap(), of a text that may have lines of its own, such as the end of a command's output: they
 * stay apart. What came from outside is made harmless. */
export const wrapLines = (text: string, cells: number): readonly string[] =>
  text
    .split("\n")
    .map((line) => clean(line).trim())
    .filter((line) => line !== "")
    .flatMap((line) => wrap(line, cells));

const pieces = (word: string, cells: number): readonly string[] => {
  if (widthOf(word) <= cells) return [word];
  const parts: string[] = [];
  let part = "";
  for (const segment of graphemes(word)) {
    if (part !== "" && widthOf(part + segment) > cells) {
      parts.push(part);
      part = "";
    }
    part += segment;
  }
  return [...parts, part];
};

/** What came from outside, made harmless: no escape sequences, no control characters, one line. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/\s+/g, " ")
    // Bidirectional overrides could make a line read as something else.
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");

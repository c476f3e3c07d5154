// A text cut into documents, and those into the lines that say something: what plain-yaml.ts reads.

export interface PlainLine {
  /** Column of its first character; behind a dash that of what the dash introduces. */
  indent: number;
  /** Where that character stands in the text. */
  start: number;
  /** Behind its last character but spaces. */
  readonly end: number;
}

export interface PlainPart {
  /** Its part of the text. */
  readonly from: number;
  readonly to: number;
  /** Lines of the text before it. */
  readonly linesBefore: number;
  readonly lines: PlainLine[];
}

const MARKER = /^---[ ]*(?:#.*)?$/u;

/** Null: there are directives, ends of documents or content beside the marker. */
export const plainParts = (text: string): readonly PlainPart[] | null => {
  const parts: PlainPart[] = [];
  let from = 0;
  let linesBefore = 0;
  let lines: PlainLine[] = [];
  let number = 0;
  for (let at = 0; at < text.length; number += 1) {
    const newline = text.indexOf("\n", at);
    const to = newline < 0 ? text.length : newline;
    const next = newline < 0 ? to : newline + 1;
    const first = text[at];
    if (first === "%" || (first === "." && text.startsWith("...", at))) return null;
    if (first === "-" && text.startsWith("---", at)) {
      if (!MARKER.test(text.slice(at, to))) return null;
      if (lines.length > 0) parts.push({ from, to: at, linesBefore, lines });
      from = next;
      linesBefore = number + 1;
      lines = [];
    } else {
      const line = lineBetween(text, at, to);
      if (line !== null) lines.push(line);
    }
    at = next;
  }
  if (lines.length > 0) parts.push({ from, to: text.length, linesBefore, lines });
  return parts;
};

/** Null: it is empty or a comment. */
const lineBetween = (text: string, from: number, to: number): PlainLine | null => {
  let start = from;
  while (start < to && text[start] === " ") start += 1;
  if (start === to || text[start] === "#") return null;
  let end = to;
  while (text[end - 1] === " ") end -= 1;
  return { indent: start - from, start, end };
};

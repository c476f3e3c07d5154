// A quick reader for YAML as definitions are written nearly always: maps and lists by indentation
// or in brackets, plain words, numbers and quotes. It knows no places, and refuses nothing: what it
// does not read for certain is for the whole reader (yaml-source.ts), ten times as slow, to judge.

import { plainParts, type PlainLine } from "./plain-lines.ts";
import { NotPlain, plainScalar, quotedScalar } from "./plain-scalar.ts";

export interface PlainDocument {
  readonly value: Readonly<Record<string, unknown>>;
  /** Its part of the text. */
  readonly from: number;
  readonly to: number;
  /** Lines of the text before it. */
  readonly linesBefore: number;
}

/** Maps and lists within each other; the whole reader takes more. */
const MAX_DEPTH = 16;
const MAX_KEY = 200;
const KEY = /([A-Za-z_][\w-]*):(?=[ \n]|$)/uy;
const FLOW_WORD = /[^,[\]{}\n]+/uy;
/** As keys these would be no words, or no plain ones. */
const OTHER_KEYS = /^(?:true|false|null|__proto__)$/iu;

/** Documents that are not empty, in order; null: not plain enough. Lines end in \n alone. */
export const plainDocuments = (text: string): readonly PlainDocument[] | null => {
  if (/[\t\r]/u.test(text)) return null;
  const parts = plainParts(text);
  if (parts === null) return null;
  try {
    return parts.map(({ from, to, linesBefore, lines }) => {
      const reading: Reading = { text, lines, at: 0, depth: 0 };
      if (lines[0]?.indent !== 0) throw new NotPlain();
      const value = readMap(reading, 0);
      if (reading.at < lines.length) throw new NotPlain();
      return { value, from, to, linesBefore };
    });
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
};

interface Reading {
  readonly text: string;
  readonly lines: readonly PlainLine[];
  /** The line that is read next. */
  at: number;
  depth: number;
}

const line = (reading: Reading): PlainLine | null => reading.lines[reading.at] ?? null;

const isDash = ({ text }: Reading, { start, end }: PlainLine): boolean =>
  text[start] === "-" && (start + 1 === end || text[start + 1] === " ");

/** Of the map or list that begins in the present line. */
const readBlock = (reading: Reading, here: PlainLine): unknown => {
  if (isDash(reading, here)) return readList(reading, here.indent);
  const { text } = reading;
  if (text[here.start] === "{" || text[here.start] === "[")
    return readInline(reading, here.start, here.indent - 1);
  return readMap(reading, here.indent);
};

const readMap = (reading: Reading, indent: number): Readonly<Record<string, unknown>> => {
  enter(reading);
  const map: Record<string, unknown> = {};
  for (let here = line(reading); here !== null; here = line(reading)) {
    if (here.indent < indent) break;
    if (here.indent > indent) throw new NotPlain();
    const key = readKey(reading, here.start, here.end);
    if (Object.hasOwn(map, key)) throw new NotPlain();
    const from = behindSpaces(reading.text, here.start + key.length + 1, here.end);
    map[key] = from === null ? readBelow(reading, indent, true) : readInline(reading, from, indent);
  }
  reading.depth -= 1;
  return map;
};

const readList = (reading: Reading, indent: number): readonly unknown[] => {
  enter(reading);
  const list: unknown[] = [];
  for (let here = line(reading); here !== null; here = line(reading)) {
    if (here.indent < indent || (here.indent === indent && !isDash(reading, here))) break;
    if (here.indent > indent) throw new NotPlain();
    const from = behindSpaces(reading.text, here.start + 1, here.end);
    if (from === null) {
      list.push(readBelow(reading, indent, false));
    } else if (isNested(reading, from, here)) {
      // What stands behind the dash is a line of its own, further in.
      here.indent += from - here.start;
      here.start = from;
      list.push(readBlock(reading, here));
    } else {
      list.push(readInline(reading, from, indent));
    }
  }
  reading.depth -= 1;
  return list;
};

const isNested = (reading: Reading, from: number, { end }: PlainLine): boolean =>
  isDash(reading, { indent: 0, start: from, end }) || keyAt(reading.text, from, end) !== null;

/** The value of a key or dash that has nothing beside it. A key's list may be as far out as it. */
const readBelow = (reading: Reading, indent: number, ofKey: boolean): unknown => {
  reading.at += 1;
  const next = line(reading);
  if (next === null || next.indent < indent) return null;
  if (next.indent > indent) return readBlock(reading, next);
  return ofKey && isDash(reading, next) ? readList(reading, indent) : null;
};

/** A value that begins within the present line; what is further in than `indent` is part of it. */
const readInline = (reading: Reading, from: number, indent: number): unknown => {
  const { text } = reading;
  const here = line(reading);
  if (here === null) throw new NotPlain();
  const first = text[from];
  if (first === "{" || first === "[") {
    const flow: Flow = { text, at: from, indent, depth: reading.depth };
    const value = readFlow(flow);
    while ((line(reading)?.end ?? Infinity) < flow.at) reading.at += 1;
    endLine(reading, flow.at, indent);
    return value;
  }
  if (first === '"' || first === "'") {
    const { value, end } = quotedScalar(text, from);
    endLine(reading, end, indent);
    return value;
  }
  const value = plainScalar(withoutComment(text.slice(from, here.end)));
  endLine(reading, here.end, indent);
  return value;
};

/** Nothing may follow in the line, and nothing further in below it. */
const endLine = (reading: Reading, at: number, indent: number): void => {
  const here = line(reading);
  if (here === null || behindSpaces(reading.text, at, here.end) !== null) throw new NotPlain();
  reading.at += 1;
  if ((line(reading)?.indent ?? 0) > indent) throw new NotPlain();
};

/** Where the next word begins; null: there is none but a comment. */
const behindSpaces = (text: string, at: number, end: number): number | null => {
  let next = at;
  while (next < end && text[next] === " ") next += 1;
  if (next >= end || (text[next] === "#" && text[next - 1] === " ")) return null;
  return next;
};

const withoutComment = (text: string): string => {
  const comment = text.indexOf(" #");
  return comment < 0 ? text : withoutSpaces(text.slice(0, comment));
};

/** At its end. Not trimEnd: other white space belongs to the text. */
const withoutSpaces = (text: string): string => {
  let end = text.length;
  while (text[end - 1] === " ") end -= 1;
  return text.slice(0, end);
};

const keyAt = (text: string, at: number, end: number): string | null => {
  KEY.lastIndex = at;
  const key = KEY.exec(text)?.[1] ?? null;
  return key === null || at + key.length >= end ? null : key;
};

const readKey = ({ text }: { readonly text: string }, at: number, end: number): string => {
  const key = keyAt(text, at, end);
  if (key === null || key.length > MAX_KEY || OTHER_KEYS.test(key)) throw new NotPlain();
  return key;
};

const enter = (place: { depth: number }): void => {
  place.depth += 1;
  if (place.depth > MAX_DEPTH) throw new NotPlain();
};

/** Within brackets: further lines stand further in than `indent`. */
interface Flow {
  readonly text: string;
  readonly indent: number;
  at: number;
  depth: number;
}

const readFlow = (flow: Flow): unknown => {
  const open = flow.text[flow.at];
  if (open === '"' || open === "'") {
    const { value, end } = quotedScalar(flow.text, flow.at);
    flow.at = end;
    return value;
  }
  if (open !== "{" && open !== "[") return readFlowWord(flow);
  enter(flow);
  flow.at += 1;
  const value = open === "{" ? readFlowMap(flow) : readFlowList(flow);
  flow.at += 1;
  flow.depth -= 1;
  return value;
};

const readFlowMap = (flow: Flow): Readonly<Record<string, unknown>> => {
  const map: Record<string, unknown> = {};
  for (skip(flow); flow.text[flow.at] !== "}";) {
    const key = readKey(flow, flow.at, flow.text.length);
    if (Object.hasOwn(map, key)) throw new NotPlain();
    flow.at += key.length + 1;
    skip(flow);
    map[key] = readFlow(flow);
    separator(flow, "}");
  }
  return map;
};

const readFlowList = (flow: Flow): readonly unknown[] => {
  const list: unknown[] = [];
  for (skip(flow); flow.text[flow.at] !== "]";) {
    list.push(readFlow(flow));
    separator(flow, "]");
  }
  return list;
};

const readFlowWord = (flow: Flow): unknown => {
  FLOW_WORD.lastIndex = flow.at;
  const [found] = FLOW_WORD.exec(flow.text) ?? [];
  if (found === undefined || found.includes(" #")) throw new NotPlain();
  const word = withoutSpaces(found);
  if (word === "" || (word.includes(":") && /:(?:$| )/u.test(word))) throw new NotPlain();
  flow.at += word.length;
  return plainScalar(word);
};

/** A comma and what follows it, or the end. */
const separator = (flow: Flow, close: string): void => {
  skip(flow);
  const sign = flow.text[flow.at];
  if (sign === close) return;
  if (sign !== ",") throw new NotPlain();
  flow.at += 1;
  skip(flow);
  if (flow.text[flow.at] === close || flow.text[flow.at] === ",") throw new NotPlain();
};

/** Spaces, and line ends where the next line is far enough in. Comments are not for here. */
const skip = (flow: Flow): void => {
  const { text } = flow;
  let begin = -1;
  while (text[flow.at] === " " || text[flow.at] === "\n") {
    if (text[flow.at] === "\n") begin = flow.at + 1;
    flow.at += 1;
  }
  const far = begin < 0 || flow.at - begin > Math.max(0, flow.indent);
  if (!far || flow.at >= text.length || text[flow.at] === "#") throw new NotPlain();
};

// The head of an instance's answer: status line, fields, and what they say about the length of the
// body and the life of the connection (RFC 9112, 4 to 6 and 9.3). Strict: what could be read in two
// ways is not read at all.

export interface AnswerHead {
  readonly status: number;
  readonly phrase: string;
  /** Flat: name and value in turn, as they came. */
  readonly headers: readonly string[];
  readonly body: Framing;
  /** True: another request may follow on this connection. */
  readonly keepsAlive: boolean;
  /** How long the instance keeps an idle connection, where it says; in milliseconds. */
  readonly keepAliveMs: number | null;
}

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  /** Until the instance closes the connection. */
  | { readonly kind: "close" };

/** The answer is not HTTP/1.x, or not unmistakably. */
export class Garbled extends Error {
  override readonly name = "Garbled";
}

const STATUS_LINE = /^HTTP\/1\.(?<minor>[01]) (?<status>[1-9]\d\d)(?: (?<phrase>.*))?$/;

interface Found {
  length: string | null;
  coding: string | null;
  connection: string;
  keepAlive: string;
}

/** `text` is everything before the empty line, in Latin-1. Throws Garbled. */
export const readHead = (text: string, isHead: boolean): AnswerHead => {
  const lineEnd = text.indexOf("\r\n");
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
  const parts = STATUS_LINE.exec(line)?.groups;
  if (parts === undefined) throw new Garbled("no status line");
  const found: Found = { length: null, coding: null, connection: "", keepAlive: "" };
  const headers = readFields(lineEnd < 0 ? "" : text.slice(lineEnd + 2), found);
  const status = Number(parts["status"]);
  const body = framingOf(status, isHead, found);
  const persistent = parts["minor"] === "1" ? !says(found, "close") : says(found, "keep-alive");
  return {
    status,
    phrase: parts["phrase"] ?? "",
    headers,
    body,
    keepsAlive: persistent && body.kind !== "close",
    keepAliveMs: keepAliveOf(found.keepAlive),
  };
};

/** Fields of a head or of trailers, one a line. Throws Garbled. */
export const readFields = (text: string, found: Found | null = null): string[] => {
  const headers: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\r\n", at);
    const next = end < 0 ? text.length : end;
    const colon = text.indexOf(":", at);
    // Also a line that goes on from the one before: it begins with white space (RFC 9112, 5.2).
    if (colon <= at || colon > next || !isToken(text, at, colon)) throw new Garbled("no field");
    const name = text.slice(at, colon);
    const value = valueIn(text, colon + 1, next);
    headers.push(name, value);
    if (found !== null) note(found, name, value);
    at = next + 2;
  }
  return headers;
};

/** Without the white space around it: spaces and tabs, and nothing else (RFC 9110, 5.6.3). */
const valueIn = (text: string, from: number, to: number): string => {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

const TOKEN_CHARACTERS = new Set(
  "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
);
const IS_TOKEN = Array.from({ length: 256 }, (_, code) =>
  TOKEN_CHARACTERS.has(String.fromCharCode(code)),
);

const isToken = (text: string, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) if (IS_TOKEN[text.charCodeAt(at)] !== true) return false;
  return true;
};

const note = (found: Found, name: string, value: string): void => {
  switch (name.toLowerCase()) {
    case "content-length":
      if (found.length !== null) throw new Garbled("more than one Content-Length");
      found.length = value;
      return;
    case "transfer-encoding":
      if (found.coding !== null) throw new Garbled("more than one Transfer-Encoding");
      found.coding = value;
      return;
    case "connection":
      found.connection += `,${value}`;
      return;
    case "keep-alive":
      found.keepAlive = value;
      return;
  }
};

const framingOf = (status: number, isHead: boolean, { length, coding }: Found): Framing => {
  if (length !== null && !/^\d{1,15}$/.test(length)) throw new Garbled("Content-Length");
  if (length !== null && coding !== null) throw new Garbled("two lengths");
  if (coding !== null && coding.toLowerCase() !== "chunked") throw new Garbled("Transfer-Encoding");
  if (isHead || status < 200 || status === 204 || status === 304) return { kind: "none" };
  if (coding !== null) return { kind: "chunked" };
  return length === null ? { kind: "close" } : { kind: "length", bytes: Number(length) };
};

const says = ({ connection }: Found, option: string): boolean =>
  connection !== "" && connection.split(",").some((token) => token.trim().toLowerCase() === option);

const keepAliveOf = (value: string): number | null => {
  const seconds = /(?:^|[,;\s])timeout=(\d{1,6})/i.exec(value)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
};

// Takes an instance's answer apart as its bytes come, in whatever pieces (RFC 9112). Bodies are
// passed on without being copied or kept; only heads and the lines between chunks are collected.

import { type AnswerHead, Garbled, readFields, readHead } from "./answer-head.ts";
import { MAX_ANSWER_HEAD_BYTES } from "./limits.ts";

export interface AnswerSink {
  /** Not for interim answers (1xx), which are left out. */
  head(head: AnswerHead): void;
  data(chunk: Buffer): void;
  /** Trailers, flat. Nothing comes after it. */
  end(trailers: readonly string[]): void;
}

type State =
  | "head"
  | "length"
  | "close"
  | "chunk-size"
  | "chunk"
  /** The empty line after a chunk. */
  | "chunk-end"
  | "trailers"
  | "done";

const CRLF = Buffer.from("\r\n");
const HEAD_END = Buffer.from("\r\n\r\n");
/** A chunk's size with its extensions. */
const MAX_CHUNK_LINE_BYTES = 4096;
/** Extensions are read over (RFC 9112, 7.1.1), but must be extensions. */
const CHUNK_SIZE =
  /^(?<size>[0-9a-f]{1,12})(?:;[\w!#$%&'*+.^`|~-]+(?:=(?:[\w!#$%&'*+.^`|~-]+|"[ !#-[\]-~]*"))?)*$/i;

export class AnswerParser {
  readonly #sink: AnswerSink;
  readonly #isHead: boolean;
  #state: State = "head";
  /** Bytes that are not a whole line or head yet. */
  #held: Buffer | null = null;
  #left = 0;

  /** `isHead`: the request was a HEAD, whose answer has no body. */
  constructor(sink: AnswerSink, isHead: boolean) {
    this.#sink = sink;
    this.#isHead = isHead;
  }

  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Throws Garbled; also for bytes behind the end, which nobody asked for. */
  push(bytes: Buffer): void {
    let rest: Buffer | null = bytes;
    while (rest !== null && rest.length > 0) {
      switch (this.#state) {
        case "head":
          rest = this.#head(rest);
          break;
        case "length":
        case "chunk":
          rest = this.#part(rest);
          break;
        case "close":
          this.#sink.data(rest);
          return;
        case "chunk-size":
        case "chunk-end":
        case "trailers":
          rest = this.#line(rest);
          break;
        case "done":
          throw new Garbled("bytes behind the end");
      }
    }
  }

  /** The instance has closed its side. False: in the middle of the answer. */
  close(): boolean {
    if (this.#state === "close") this.#end([]);
    return this.#state === "done";
  }

  #head(bytes: Buffer): Buffer | null {
    const all = this.#withHeld(bytes);
    const end = all.indexOf(HEAD_END);
    if (end > MAX_ANSWER_HEAD_BYTES || (end < 0 && all.length > MAX_ANSWER_HEAD_BYTES)) {
      throw new Garbled("too long a head");
    }
    if (end < 0) return this.#hold(all);
    const head = readHead(all.toString("latin1", 0, end), this.#isHead);
    const rest = all.subarray(end + HEAD_END.length);
    // Switching protocols was not asked for: see tunnel.ts.
    if (head.status === 101) throw new Garbled("an upgrade that nobody asked for");
    if (head.status < 200) return rest;
    this.#begin(head);
    return rest;
  }

  #begin(head: AnswerHead): void {
    const { body } = head;
    this.#sink.head(head);
    switch (body.kind) {
      case "length":
        this.#left = body.bytes;
        this.#state = "length";
        if (body.bytes === 0) this.#end([]);
        return;
      case "chunked":
        this.#state = "chunk-size";
        return;
      case "close":
        this.#state = "close";
        return;
      case "none":
        return this.#end([]);
    }
  }

  #part(bytes: Buffer): Buffer | null {
    const part = bytes.length <= this.#left ? bytes : bytes.subarray(0, this.#left);
    this.#left -= part.length;
    this.#sink.data(part);
    if (this.#left > 0) return null;
    if (this.#state === "chunk") this.#state = "chunk-end";
    else this.#end([]);
    return bytes.subarray(part.length);
  }

  #line(bytes: Buffer): Buffer | null {
    const all = this.#withHeld(bytes);
    if (this.#state === "trailers") return this.#trailers(all);
    const end = all.indexOf(CRLF);
    if (end > MAX_CHUNK_LINE_BYTES || (end < 0 && all.length > MAX_CHUNK_LINE_BYTES)) {
      throw new Garbled("too long a line");
    }
    if (end < 0) return this.#hold(all);
    const line = all.toString("latin1", 0, end);
    const rest = all.subarray(end + CRLF.length);
    if (this.#state === "chunk-end") {
      if (line !== "") throw new Garbled("a chunk longer than it said");
      this.#state = "chunk-size";
      return rest;
    }
    const size = CHUNK_SIZE.exec(line)?.groups?.["size"];
    if (size === undefined) throw new Garbled("no chunk size");
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? "trailers" : "chunk";
    return rest;
  }

  #trailers(all: Buffer): Buffer | null {
    if (all.length >= CRLF.length && all.indexOf(CRLF) === 0) {
      this.#end([]);
      return all.subarray(CRLF.length);
    }
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      if (all.length > MAX_ANSWER_HEAD_BYTES) throw new Garbled("too long trailers");
      return this.#hold(all);
    }
    this.#end(readFields(all.toString("latin1", 0, end)));
    return all.subarray(end + HEAD_END.length);
  }

  #end(trailers: readonly string[]): void {
    this.#state = "done";
    this.#sink.end(trailers);
  }

  #withHeld(bytes: Buffer): Buffer {
    if (this.#held === null) return bytes;
    const all = Buffer.concat([this.#held, bytes]);
    this.#held = null;
    return all;
  }

  #hold(bytes: Buffer): null {
    this.#held = bytes;
    return null;
  }
}

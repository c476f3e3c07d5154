// The end of an output, as evidence: bounded, and harmless wherever it is printed or stored.

import { stripVTControlCharacters } from "node:util";

export const MAX_TAIL_BYTES = 4 * 1024;

/** Keeps the last MAX_TAIL_BYTES of what is added. */
export class Tail {
  #kept = Buffer.alloc(0);
  #cut = false;

  add(chunk: Buffer): void {
    const all = Buffer.concat([this.#kept, chunk.subarray(-MAX_TAIL_BYTES)]);
    this.#cut ||= this.#kept.length + chunk.length > MAX_TAIL_BYTES;
    this.#kept = all.subarray(-MAX_TAIL_BYTES);
  }

  /** Without colours and control characters; begins with `…` where something was left out. */
  text(): string {
    const text = stripVTControlCharacters(this.#kept.toString("utf8"))
      .replaceAll(/[^\P{Cc}\n\t]/gu, "")
      .trim();
    return this.#cut ? `…${text}` : text;
  }
}

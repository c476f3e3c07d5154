// The end of an output, as evidence: bounded, and harmless wherever it is printed or stored.

import { stripVTControlCharacters } from "node:util";

export const MAX_TAIL_BYTES = 4 * 1024;
/** What is taken out of it is taken out before it is cut, or half of a secret would be left: the
 * longest secret fits in here. */
const KEPT_BYTES = MAX_TAIL_BYTES + 64 * 1024;

/** Takes what nobody shall read out of a text. */
export type Redact = (text: string) => string;

/** Keeps the end of what is added. */
export class Tail {
  #kept = Buffer.alloc(0);
  #cut = false;

  add(chunk: Buffer): void {
    const all = Buffer.concat([this.#kept, chunk.subarray(-KEPT_BYTES)]);
    this.#cut ||= this.#kept.length + chunk.length > KEPT_BYTES;
    this.#kept = all.subarray(-KEPT_BYTES);
  }

  /** The last MAX_TAIL_BYTES without colours, control characters and secrets; begins with `…` where
   * something was left out. */
  text(redact: Redact): string {
    const plain = stripVTControlCharacters(redact(this.#kept.toString("utf8"))).replaceAll(
      /[^\P{Cc}\n\t]/gu,
      "",
    );
    // Once more, since a colour may have stood within one.
    const bytes = Buffer.from(redact(plain));
    const text = bytes.subarray(-MAX_TAIL_BYTES).toString("utf8").trim();
    return this.#cut || bytes.length > MAX_TAIL_BYTES ? `…${text}` : text;
  }
}

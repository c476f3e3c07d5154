// The end of an output, or the beginning of an answer, as evidence: bounded, and harmless wherever
// it is printed or stored.

import { stripVTControlCharacters } from "node:util";

const MAX_TAIL_BYTES = 4 * 1024;
/** What is taken out of it is taken out before it is cut, or half of a secret would be left: the
 * longest secret fits in here. */
export const KEPT_BYTES = MAX_TAIL_BYTES + 64 * 1024;

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
    const bytes = harmless(this.#kept, redact);
    const text = bytes.subarray(-MAX_TAIL_BYTES).toString("utf8").trim();
    return this.#cut || bytes.length > MAX_TAIL_BYTES ? `…${text}` : text;
  }
}

/** The first MAX_TAIL_BYTES, cleaned alike; `bytes` are KEPT_BYTES where there are so many. */
export const beginningOf = (bytes: Buffer, redact: Redact): string =>
  harmless(bytes, redact).subarray(0, MAX_TAIL_BYTES).toString("utf8").trim();

const harmless = (kept: Buffer, redact: Redact): Buffer => {
  const plain = stripVTControlCharacters(redact(kept.toString("utf8"))).replaceAll(
    /[^\P{Cc}\n\t]/gu,
    "",
  );
  // Once more, since a colour may have stood within one.
  return Buffer.from(redact(plain));
};

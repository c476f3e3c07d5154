// Sealing bytes of any length as they flow: AES-256-GCM in frames, as the STREAM construction has
// it (Hoang, Reyhanitabar, Rogaway, Vizár 2015; also used by age and Tink). Each frame's nonce is
// its number and whether it is the last, so a file that was cut short, or whose frames were
// swapped, is refused; each file's key is made for its name, so that none can stand in for another.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { Refusal } from "../../core/refusal.ts";

export const KEY_BYTES = 32;
const MAGIC = Buffer.from("SLUICE1\n");
const SALT_BYTES = 32;
const HEADER_BYTES = MAGIC.length + SALT_BYTES;
const TAG_BYTES = 16;
export const FRAME_BYTES = 65_536;
const SEALED_BYTES = FRAME_BYTES + TAG_BYTES;
const NONCE_BYTES = 12;
/** Behind the frame's number, which has eight bytes. */
const LAST_AT = NONCE_BYTES - 1;

export interface SealedFor {
  readonly key: Buffer;
  /** What it is: `main.20261121-063000-k3x9ab/dump`. */
  readonly name: string;
}

export const seal = async function* (
  source: AsyncIterable<Uint8Array>,
  { key, name }: SealedFor,
): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(SALT_BYTES);
  const own = ownKey(key, salt, name);
  yield Buffer.concat([MAGIC, salt]);
  let number = 0n;
  for await (const { bytes, last } of framed(source, FRAME_BYTES)) {
    const cipher = createCipheriv("aes-256-gcm", own, nonceOf(number, last));
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    number += 1n;
  }
};

/** Gives only what proved to be genuine. Throws a Refusal `backup-damaged`. */
export const unseal = async function* (
  source: AsyncIterable<Uint8Array>,
  { key, name }: SealedFor,
): AsyncGenerator<Uint8Array> {
  const { head, rest } = await beheaded(source);
  if (!head.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw damaged(name, "it does not begin as a backup does");
  }
  const own = ownKey(key, head.subarray(MAGIC.length), name);
  let number = 0n;
  for await (const { bytes, last } of framed(rest, SEALED_BYTES)) {
    if (bytes.length < TAG_BYTES) throw damaged(name, "it is cut short");
    const tag = bytes.subarray(bytes.length - TAG_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", own, nonceOf(number, last), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(tag);
    const opened = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw damaged(
        name,
        `from byte ${number * BigInt(FRAME_BYTES)} on it is not what was written`,
      );
    }
    yield opened;
    number += 1n;
  }
};

const damaged = (name: string, why: string): Refusal =>
  new Refusal({
    code: "backup-damaged",
    message: `${name} cannot be trusted: ${why}`,
    hint: "take another backup, and find out who or what changed this one or its key",
  });

const ownKey = (key: Buffer, salt: Uint8Array, name: string): Buffer =>
  Buffer.from(hkdfSync("sha256", key, salt, `sluice backup ${name}`, KEY_BYTES));

const nonceOf = (number: bigint, last: boolean): Buffer => {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeBigUInt64BE(number, LAST_AT - 8);
  nonce[LAST_AT] = last ? 1 : 0;
  return nonce;
};

/** Pieces of this size, and a last one that is smaller, perhaps empty only where all is. */
const framed = async function* (
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly bytes: Buffer; readonly last: boolean }> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of source) {
    parts.push(chunk);
    held += chunk.length;
    // The last frame is known only when nothing comes after it.
    if (held <= size) continue;
    const whole = Buffer.concat(parts);
    let at = 0;
    for (; whole.length - at > size; at += size) {
      yield { bytes: whole.subarray(at, at + size), last: false };
    }
    parts = [whole.subarray(at)];
    held = whole.length - at;
  }
  yield { bytes: Buffer.concat(parts), last: true };
};

const beheaded = async (
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Buffer; readonly rest: AsyncIterable<Uint8Array> }> => {
  const iterator = source[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  while (held.length < HEADER_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    held = Buffer.concat([held, next.value]);
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield held.subarray(HEADER_BYTES);
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  };
  return { head: held.subarray(0, HEADER_BYTES), rest: rest() };
};

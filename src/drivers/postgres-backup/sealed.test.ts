// What is sealed comes back as it was, or not at all.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Refusal } from "../../core/refusal.ts";
import { FRAME_BYTES, KEY_BYTES, seal, unseal } from "./sealed.ts";

const KEY = randomBytes(KEY_BYTES);
const HEADER = 40;
const SEALED = FRAME_BYTES + 16;

const inPieces = async function* (bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

const all = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
};

const sealed = (bytes: Uint8Array, name = "a", key = KEY): Promise<Buffer> =>
  all(seal(inPieces(bytes, 10_000), { key, name }));

const opened = (bytes: Uint8Array, name = "a", key = KEY, size = 7_777): Promise<Buffer> =>
  all(unseal(inPieces(bytes, size), { key, name }));

const refused = (error: unknown): boolean =>
  error instanceof Refusal && error.code === "backup-damaged";

test("any length comes back as it was, in whatever pieces it arrives", async () => {
  const lengths = [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES];
  for (const length of lengths) {
    const bytes = randomBytes(length);
    const there = await sealed(bytes);
    for (const size of [1_000, SEALED, 1 << 20]) {
      assert.ok((await opened(there, "a", KEY, size)).equals(bytes), `${length} in ${size}`);
    }
  }
});

test("any change of any byte is refused", async () => {
  const there = await sealed(randomBytes(2 * FRAME_BYTES + 100));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: there.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, change) => {
        const other = Buffer.from(there);
        other[at] = (other[at] ?? 0) ^ change;
        await assert.rejects(opened(other), refused);
      },
    ),
    { numRuns: 60 },
  );
});

test("a file cut short anywhere is refused, also between two frames", async () => {
  const there = await sealed(randomBytes(3 * FRAME_BYTES));
  const cuts = [0, 1, HEADER, HEADER + 5, HEADER + SEALED, HEADER + 2 * SEALED, there.length - 1];
  for (const cut of cuts) await assert.rejects(opened(there.subarray(0, cut)), refused, `${cut}`);
  await assert.rejects(opened(Buffer.concat([there, Buffer.from("x")])), refused);
});

test("frames that were swapped, doubled or left out are refused", async () => {
  const there = await sealed(randomBytes(3 * FRAME_BYTES + 9));
  const head = there.subarray(0, HEADER);
  const frame = (at: number): Buffer =>
    there.subarray(HEADER + at * SEALED, HEADER + (at + 1) * SEALED);
  for (const order of [
    [1, 0, 2, 3],
    [0, 0, 2, 3],
    [0, 2, 3],
    [0, 1, 3],
  ]) {
    await assert.rejects(
      opened(Buffer.concat([head, ...order.map(frame)])),
      refused,
      order.join(" "),
    );
  }
});

test("one file cannot stand in for another, nor another key for this", async () => {
  const there = await sealed(randomBytes(100), "a");
  await assert.rejects(opened(there, "b"), refused);
  await assert.rejects(opened(there, "a", randomBytes(KEY_BYTES)), refused);
});

test("the same content is never the same twice", async () => {
  const bytes = randomBytes(100);
  assert.ok(!(await sealed(bytes)).equals(await sealed(bytes)));
});

// What every store of bytes promises.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bytes } from "./bytes.ts";

const MEGABYTE = 1 << 20;
const never = (): AbortSignal => new AbortController().signal;

const chunks = async function* (...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield part;
};

/** No two megabytes alike, so that none can be lost or swapped unseen. */
const large = (megabytes: number): readonly Uint8Array[] =>
  Array.from({ length: megabytes }, (_, at) => new Uint8Array(MEGABYTE).fill(at + 1));

const all = async (source: AsyncIterable<Uint8Array> | null): Promise<Uint8Array | null> => {
  if (source === null) return null;
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
};

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

export const bytesContract = (name: string, make: () => Promise<Bytes>): void => {
  void test(`${name}: what is put is there, and the next one replaces it`, async () => {
    const store = await make();
    assert.equal(await store.get("a/b", never()), null);
    assert.equal(await store.put("a/b", chunks(text("one"), text(" two")), never()), 7);
    assert.deepEqual(await all(await store.get("a/b", never())), text("one two"));
    await store.put("a/b", chunks(text("three")), never());
    assert.deepEqual(await all(await store.get("a/b", never())), text("three"));
  });

  void test(`${name}: nothing, and much of it, come back as they were`, async () => {
    const store = await make();
    assert.equal(await store.put("empty", chunks(), never()), 0);
    assert.deepEqual(await all(await store.get("empty", never())), new Uint8Array(0));
    const parts = large(19);
    assert.equal(await store.put("large", chunks(...parts), never()), 19 * MEGABYTE);
    const back = await all(await store.get("large", never()));
    assert.ok(back !== null && Buffer.concat(parts).equals(back));
  });

  for (const [size, before] of [
    ["small", [text("begun")]],
    ["large", large(17)],
  ] as const) {
    void test(`${name}: a ${size} source that breaks off leaves what was there`, async () => {
      const store = await make();
      await store.put("kept", chunks(text("old")), never());
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield* before;
        throw new Error("the source broke off");
      };
      await assert.rejects(store.put("kept", broken(), never()), /the source broke off/);
      await assert.rejects(store.put("new", broken(), never()), /the source broke off/);
      assert.deepEqual(await all(await store.get("kept", never())), text("old"));
      assert.deepEqual(
        (await store.list("", never())).map(({ key }) => key),
        ["kept"],
      );
    });
  }

  void test(`${name}: a list has what begins so, in order, with its sizes`, async () => {
    const store = await make();
    for (const key of ["b/2", "a/1", "b/10/x", "bc/1"]) {
      await store.put(key, chunks(text(key)), never());
    }
    const keys = async (prefix: string) =>
      (await store.list(prefix, never())).map(({ key, bytes }) => [key, bytes]);
    assert.deepEqual(await keys("b/"), [
      ["b/10/x", 6],
      ["b/2", 3],
    ]);
    assert.deepEqual((await keys("")).length, 4);
    assert.deepEqual(await keys("none/"), []);
  });

  void test(`${name}: what is deleted is gone, and may be deleted again`, async () => {
    const store = await make();
    await store.put("a/1", chunks(text("x")), never());
    await store.delete("a/1", never());
    await store.delete("a/1", never());
    assert.equal(await store.get("a/1", never()), null);
    assert.deepEqual(await store.list("", never()), []);
  });

  void test(`${name}: keys that lead elsewhere are a mistake of the caller`, async () => {
    const store = await make();
    for (const key of ["../x", "a/../../x", "/x", "a//b", "", "A", "a/.hidden", "a b"]) {
      await assert.rejects(store.put(key, chunks(), never()), /no key/, key);
      await assert.rejects(store.get(key, never()), /no key/, key);
      await assert.rejects(store.delete(key, never()), /no key/, key);
    }
  });

  void test(`${name}: who gave up is told so`, async () => {
    const store = await make();
    const gone = AbortSignal.abort(new Error("gave up"));
    await assert.rejects(store.put("a", chunks(text("x")), gone), /gave up/);
    await assert.rejects(store.list("", gone), /gave up/);
    assert.equal(await store.get("a", never()), null);
  });
};

// What every source of secrets does, wherever it keeps them: the tests that all of them pass alike.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { SecretSource } from "./secrets.ts";

export interface SecretBench {
  readonly source: SecretSource;
  /** Puts a secret where the source finds it, instead of the one that is there. */
  put(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Makes what is there unreadable, in the way that it happens to this source. */
  spoil(): Promise<void>;
}

/** Adds the tests of the contract; `make` is called once a test. */
export const secretsContract = (source: string, make: () => Promise<SecretBench>): void => {
  const VALUES = [
    "plain-value",
    "with space and = and ${PORT}",
    "zwei\nZeilen ü",
    "x".repeat(60_000),
  ];

  test(`${source}: a secret is read as it was put, whatever it holds`, async () => {
    const bench = await make();
    for (const value of VALUES) {
      await bench.put("DB_PASSWORD", value);
      assert.deepEqual(await bench.source.read("DB_PASSWORD"), { kind: "found", value });
    }
  });

  test(`${source}: one does not stand for another`, async () => {
    const bench = await make();
    await bench.put("ONE", "value-of-one");
    await bench.put("TWO", "value-of-two");
    const [one, two] = await Promise.all(["ONE", "TWO"].map((name) => bench.source.read(name)));
    assert.deepEqual(one, { kind: "found", value: "value-of-one" });
    assert.deepEqual(two, { kind: "found", value: "value-of-two" });
  });

  test(`${source}: a missing one is missing, with what to do about it`, async () => {
    const bench = await make();
    const before = await bench.source.read("NOBODY");
    assert.equal(before.kind, "missing");
    assert.match(before.kind === "missing" ? before.hint : "", /NOBODY/);
    await bench.put("GOES", "value-that-goes");
    await bench.remove("GOES");
    assert.equal((await bench.source.read("GOES")).kind, "missing");
    for (const name of ["constructor", "__proto__", "toString"]) {
      assert.equal((await bench.source.read(name)).kind, "missing", name);
    }
  });

  test(`${source}: what cannot be read is told without its value, and is not missing`, async () => {
    const bench = await make();
    await bench.put("SPOILT", "the-value-itself");
    await bench.spoil();
    const read = await bench.source.read("SPOILT");
    assert.equal(read.kind, "unreadable");
    assert.ok(!JSON.stringify(read).includes("the-value-itself"));
  });
};

// Another key for the local store: every secret readable at every moment, also for who reads
// meanwhile and after a kill at any point.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Actor, Instant } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { SecretStore } from "../../ports/secrets.ts";
import { parseKeys } from "./key.ts";
import { localSecrets } from "./local.ts";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "secrets-rotate-"));
});
after(() => rm(root, { recursive: true, force: true }));

const BY = { by: "alice" as Actor, at: 1_000 as Instant };
const NAMES = ["a", "b/c", "__proto__"];

const filled = async (keys: string | null = null) => {
  const folder = await mkdtemp(join(root, "one-"));
  const store = localSecrets({ folder, keys: () => (keys === null ? null : parseKeys(keys)) });
  for (const name of NAMES) await store.set({ name, value: `value of ${name}`, ...BY });
  return { folder, store };
};

const assertAllThere = async (store: SecretStore): Promise<void> => {
  for (const name of NAMES) {
    assert.deepEqual(await store.read(name), { kind: "found", value: `value of ${name}` });
  }
};

test("another key is made, all is encrypted with it, and the old one opens nothing", async () => {
  const { folder, store } = await filled();
  const old = await readFile(join(folder, "key"), "utf8");
  const listed = await store.list();
  assert.equal(await store.rotateKey(), NAMES.length);
  await assertAllThere(store);
  assert.deepEqual(await store.list(), listed, "who set what stays");
  const now = await readFile(join(folder, "key"), "utf8");
  assert.equal(now.trim().split("\n").length, 1);
  assert.notEqual(now, old);
  await writeFile(join(folder, "key"), old);
  assert.equal((await store.read("a")).kind, "unreadable");
});

test("killed while both keys are there, with the old store or the new: all is read", async () => {
  const { folder, store } = await filled();
  await copyFile(join(folder, "local.json"), join(folder, "old.json"));
  const old = await readFile(join(folder, "key"), "utf8");
  await store.rotateKey();
  await writeFile(join(folder, "key"), (await readFile(join(folder, "key"), "utf8")) + old);
  await assertAllThere(store);
  await copyFile(join(folder, "old.json"), join(folder, "local.json"));
  await assertAllThere(store);
  await store.rotateKey();
  await assertAllThere(store);
  const keys = (await readFile(join(folder, "key"), "utf8")).trim().split("\n");
  assert.equal(keys.length, 1, "the next rotation clears up");
});

test("a key from outside: the first of several is the new one", async () => {
  const [first, second] = [randomBytes(32).toString("hex"), randomBytes(32).toString("base64")];
  const { folder } = await filled(first);
  const both = localSecrets({ folder, keys: () => parseKeys(`${second}, ${first}`) });
  await assertAllThere(both);
  assert.equal(await both.rotateKey(), NAMES.length);
  await assertAllThere(localSecrets({ folder, keys: () => parseKeys(second) }));
  const late = await localSecrets({ folder, keys: () => parseKeys(first) }).read("a");
  assert.equal(late.kind, "unreadable");
});

test("one that cannot be read: refused with its name, and nothing has changed", async () => {
  const { folder, store } = await filled();
  const path = join(folder, "local.json");
  const file = JSON.parse(await readFile(path, "utf8")) as { secrets: Record<string, object> };
  file.secrets["a"] = { ...file.secrets["a"], text: "AAAA" };
  await writeFile(path, JSON.stringify(file));
  const before = await readFile(path, "utf8");
  const key = await readFile(join(folder, "key"), "utf8");
  await assert.rejects(
    store.rotateKey(),
    (error: unknown) =>
      error instanceof Refusal &&
      error.code === "secret-unreadable" &&
      /: a cannot/u.test(error.message),
  );
  assert.equal(await readFile(path, "utf8"), before);
  assert.equal(await readFile(join(folder, "key"), "utf8"), key);
});

test("whoever reads and sets while keys are rotated, again and again, misses nothing", async () => {
  const { folder, store } = await filled();
  const other = localSecrets({ folder, keys: () => null });
  const rotated = new AbortController();
  const reading = (async () => {
    while (!rotated.signal.aborted) await assertAllThere(other);
  })();
  for (let i = 0; i < 20; i += 1) {
    await Promise.all([store.rotateKey(), other.set({ name: "d", value: `value ${i}`, ...BY })]);
  }
  rotated.abort();
  await reading;
  assert.deepEqual(await store.read("d"), { kind: "found", value: "value 19" });
});

test("what are no keys, or too many, are none", () => {
  const key = "ab".repeat(32);
  assert.equal(parseKeys("")?.length, undefined);
  assert.equal(parseKeys(`${key} x`), null);
  assert.equal(parseKeys(Array.from({ length: 17 }, () => key).join(" ")), null);
  assert.equal(parseKeys(`\n${key}\n${key},${key}\n`)?.length, 3);
});

// Removing from a real disk: what others share stays, what was just stored stays, and whoever is
// killed in between has lost nothing.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

import type { Digest } from "../../core/ids.ts";
import { folderBlobs } from "./blobs.ts";
import { removeFrom } from "./remove.ts";
import { storeAt } from "./store.ts";

let root = "";
const store = () => storeAt(join(root, "store"));
const blobs = (): ReturnType<typeof folderBlobs> => folderBlobs(join(root, "store"));
const all = (digests: readonly Digest[]): Promise<readonly Digest[]> => Promise.resolve(digests);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "blobs-remove-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = async (files: Readonly<Record<string, string>>): Promise<Digest> => {
  const folder = join(root, "dist");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (await blobs().put(folder)).digest;
};

const contents = (): number =>
  readdirSync(join(root, "store", "files"), { recursive: true }).filter((name) =>
    /\w{64}$/u.test(String(name)),
  ).length;

const comesOut = async (digest: Digest): Promise<boolean> => {
  const folder = join(root, `out-${Math.random()}`);
  await blobs().unpack(digest, folder);
  return existsSync(folder);
};

void test("an artifact goes with what only it had", async () => {
  const old = await put({ "a.js": "old", "shared.js": "the same" });
  const fresh = await put({ "a.js": "new", "shared.js": "the same" });
  await removeFrom(store(), [old], all, 0);
  assert.deepEqual(await blobs().list(), [fresh]);
  assert.equal(await blobs().has(old), false);
  assert.equal(contents(), 2);
  assert.ok(await comesOut(fresh));
  assert.deepEqual(readdirSync(join(root, "store", "leaving")), []);
});

void test("what the decision leaves out is back, whole", async () => {
  const [one, two] = [await put({ "a.js": "1" }), await put({ "a.js": "2" })];
  await removeFrom(
    store(),
    [one, two],
    async (there) => {
      assert.deepEqual(there, [one, two]);
      assert.equal(await blobs().has(one), false, "nobody finds it while it is decided");
      return [two];
    },
    0,
  );
  assert.ok(await comesOut(one));
  assert.equal(await blobs().has(two), false);
});

void test("all of it is back where the decision fails", async () => {
  const one = await put({ "a.js": "1" });
  await assert.rejects(
    removeFrom(store(), [one], () => Promise.reject(new Error("no database")), 0),
    /no database/u,
  );
  assert.ok(await comesOut(one));
});

void test("what was stored in the last minutes stays, and nothing is asked", async () => {
  const one = await put({ "a.js": "1" });
  await blobs().remove([one], () => Promise.reject(new Error("asked")));
  assert.ok(await comesOut(one));
});

void test("what a killed removal left aside is found again by the next", async () => {
  const [one, two] = [await put({ "a.js": "1" }), await put({ "a.js": "2" })];
  mkdirSync(join(root, "store", "leaving"));
  renameSync(store().manifest(one), join(root, "store", "leaving", `${one.slice(7)}.json`));
  await removeFrom(store(), [two], all, 0);
  assert.ok(await comesOut(one));
});

void test("contents that a killed put left behind go along", async () => {
  const one = await put({ "a.js": "1" });
  const two = await put({ "b.js": "left over" });
  rmSync(store().manifest(two));
  const other = await put({ "c.js": "2" });
  await removeFrom(store(), [other], all, 0);
  assert.equal(contents(), 1);
  assert.ok(await comesOut(one));
});

void test("stored again while it is decided: it is there, with its contents", async () => {
  const one = await put({ "a.js": "1" });
  const long = new Date(Date.now() - 3_600_000);
  utimesSync(store().manifest(one), long, long);
  await blobs().remove([one], async (there) => {
    assert.equal(await put({ "a.js": "1" }), one);
    return there;
  });
  assert.ok(await comesOut(one));
});

void test("a damaged manifest may name anything: no contents go", async () => {
  const [one, two] = [await put({ "a.js": "1" }), await put({ "a.js": "2" })];
  rmSync(store().manifest(two));
  writeFileSync(store().manifest(two), "{}");
  await assert.rejects(removeFrom(store(), [one], all, 0));
  assert.equal(contents(), 2);
});

void test("nothing is stored: nothing to remove", async () => {
  assert.deepEqual(await blobs().list(), []);
  await blobs().remove(["sha256:00" as Digest], all);
});

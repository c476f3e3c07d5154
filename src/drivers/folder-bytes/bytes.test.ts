// A folder keeps the contract of bytes, and shows its content to nobody else.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Refusal } from "../../core/refusal.ts";
import { bytesContract } from "../../ports/bytes.contract.ts";
import { folderBytes } from "./bytes.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-bytes-"));
after(() => rmSync(root, { recursive: true, force: true }));

bytesContract("folder", async () => folderBytes(join(mkdtempSync(join(root, "store-")), "new")));

const one = async function* (): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([1]);
};
const never = (): AbortSignal => new AbortController().signal;

test("what a killed process left elsewhere goes too, and its folder with it", async () => {
  const folder = join(root, "left");
  const store = folderBytes(folder);
  const left = (place: string, pid: number, ageMs: number): string => {
    mkdirSync(join(folder, place), { recursive: true });
    const path = join(folder, place, `.unfinished-${hostname()}-${pid}-0123`);
    writeFileSync(path, "");
    const at = new Date(Date.now() - ageMs);
    utimesSync(path, at, at);
    return path;
  };
  const dead = left("a/killed", 999_999_999, 120_000);
  const fresh = left("a/fresh", 999_999_999, 0);
  const alive = left("a/alive", process.pid, 120_000);
  await store.put("a/new/1", one(), never());
  assert.deepEqual([dead, join(dead, ".."), fresh, alive].map(existsSync), [
    false,
    false,
    true,
    true,
  ]);
});

test("a folder goes with the last that was in it", async () => {
  const folder = join(root, "emptied");
  const store = folderBytes(folder);
  await store.put("a/b/1", one(), never());
  await store.put("a/b/2", one(), never());
  await store.delete("a/b/1", never());
  assert.ok(existsSync(join(folder, "a/b")));
  await store.delete("a/b/2", never());
  assert.ok(!existsSync(join(folder, "a/b")));
});

const file = join(root, "file");
writeFileSync(file, "");

for (const folder of [file, join(file, "below"), "/proc/nowhere/at/all"]) {
  test(`a store in ${folder.replace(root, "")} is refused in words, and soon`, async () => {
    const store = folderBytes(folder);
    await assert.rejects(
      store.put("a/1", one(), never()),
      (error: unknown) =>
        error instanceof Refusal && error.code === "store-refused" && !/ENO/.test(error.message),
    );
  });
}

test("files are their owner's alone, and what killed processes left is removed", async () => {
  const folder = join(root, "mine");
  const store = folderBytes(folder);
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array([1]);
  };
  const signal = new AbortController().signal;
  await store.put("a/1", source(), signal);
  assert.equal(statSync(join(folder, "a", "1")).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of ["old", "young"]) {
    writeFileSync(join(folder, "a", `.unfinished-${name}`), "");
  }
  utimesSync(join(folder, "a", ".unfinished-old"), 1, 1);
  await store.put("a/2", source(), signal);
  assert.deepEqual(readdirSync(join(folder, "a")).toSorted(), [".unfinished-young", "1", "2"]);
});

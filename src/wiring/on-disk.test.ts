// Folders that cannot be used, as people come to name them: each is told, and none hangs.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Refusal } from "../core/refusal.ts";
import { init } from "./init.ts";
import { diskRefusal, onDisk, usableFolder } from "./on-disk.ts";

const root = mkdtempSync(join(tmpdir(), "on-disk-"));
after(() => rmSync(root, { recursive: true, force: true }));

const refuses = (work: Promise<unknown>, says: RegExp): Promise<void> =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.code, "cannot-write");
    assert.match(`${error.bodies[0]?.where ?? ""}: ${error.message}`, says);
    return true;
  });

void test("a folder is made with those above it, for its owner only, and left empty", async () => {
  const folder = join(root, "a", "b");
  await usableFolder(folder, 0o700);
  assert.equal(statSync(join(root, "a")).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(folder), []);
  await usableFolder(folder, 0o700);
});

void test("a file in the folder's place, or on the way to it, is told", async () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  await refuses(usableFolder(file, 0o700), /file: .*not a folder/);
  await refuses(usableFolder(join(file, "below"), 0o700), /below: .*not a folder/);
  await refuses(init(file), /file.*: .*not a folder/);
  symlinkSync(join(root, "nowhere"), join(root, "link"));
  await refuses(usableFolder(join(root, "link"), 0o700), /link: .*not a folder/);
});

void test("a place that takes no folders is told, and does not keep us for ever", async (t) => {
  if (process.platform !== "linux") return t.skip("there is no /proc");
  await refuses(usableFolder("/proc/sluice", 0o700), /no folder can be made/);
  await refuses(init("/proc/sluice"), /no folder can be made/);
});

void test("a disk that does not answer is told after a while", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const never = onDisk("/somewhere", () => new Promise(() => {}));
  t.mock.timers.tick(10_000);
  await refuses(never, /somewhere: .*not answered/);
});

void test("what is no trouble with a disk stays what it is", () => {
  const failed = (code: string, syscall: string) =>
    Object.assign(new Error("no"), { code, syscall, path: "/there" });
  const connect = failed("ENOENT", "connect");
  assert.equal(diskRefusal(connect), connect);
  assert.match(String(diskRefusal(failed("ENOSPC", "mkdtemp"))), /disk is full/);
});

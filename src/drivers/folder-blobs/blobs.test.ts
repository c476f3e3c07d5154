// Artifacts on a real disk: what goes in comes out, and what should not go in or has been tampered
// with is refused.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Digest } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { sha256Hex } from "../../core/sha256.ts";
import { folderBlobs } from "./blobs.ts";

let root = "";
const at = (...parts: readonly string[]): string => join(root, ...parts);
const blobs = (): ReturnType<typeof folderBlobs> => folderBlobs(at("store"));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "blobs-"));
  mkdirSync(at("dist", "lib", "empty"), { recursive: true });
  writeFileSync(at("dist", "main.js"), "console.log(1)\n");
  writeFileSync(at("dist", "lib", "run.sh"), "#!/bin/sh\n");
  chmodSync(at("dist", "lib", "run.sh"), 0o755);
  symlinkSync("../main.js", at("dist", "lib", "main"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const refused =
  (code: string, where?: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.code, code);
    if (where !== undefined) assert.match(error.message, where);
    return true;
  };

test("a folder comes out as it went in: files, modes, links, empty folders", async () => {
  const { digest, bytes, files } = await blobs().put(at("dist"));
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(files, 2);
  assert.equal(bytes, 25);
  assert.equal(await blobs().has(digest), true);
  await blobs().unpack(digest, at("deep", "copy"));
  assert.equal(readFileSync(at("deep", "copy", "main.js"), "utf8"), "console.log(1)\n");
  assert.equal(lstatSync(at("deep", "copy", "lib", "run.sh")).mode & 0o777, 0o700);
  assert.equal(lstatSync(at("deep", "copy", "main.js")).mode & 0o777, 0o600);
  assert.equal(readlinkSync(at("deep", "copy", "lib", "main")), "../main.js");
  assert.deepEqual(readdirSync(at("deep", "copy", "lib", "empty")), []);
});

test("the same content has the same digest wherever it lies, other content another", async () => {
  const { digest } = await blobs().put(at("dist"));
  renameSync(at("dist"), at("elsewhere"));
  assert.equal((await blobs().put(at("elsewhere"))).digest, digest);
  chmodSync(at("elsewhere", "lib", "run.sh"), 0o644);
  assert.notEqual((await blobs().put(at("elsewhere"))).digest, digest);
});

test("a single file becomes a folder with that file", async () => {
  const { digest, files } = await blobs().put(at("dist", "main.js"));
  assert.equal(files, 1);
  await blobs().unpack(digest, at("copy"));
  assert.deepEqual(readdirSync(at("copy")), ["main.js"]);
});

test("a copy is private: changing it changes neither the store nor the next copy", async () => {
  const { digest } = await blobs().put(at("dist"));
  await blobs().unpack(digest, at("one"));
  writeFileSync(at("one", "main.js"), "changed");
  await blobs().unpack(digest, at("two"));
  assert.equal(readFileSync(at("two", "main.js"), "utf8"), "console.log(1)\n");
});

test("a missing source and an unknown digest are told", async () => {
  await assert.rejects(blobs().put(at("nothing")), refused("artifact-not-found", /nothing/));
  const unknown = `sha256:${"0".repeat(64)}` as Digest;
  assert.equal(await blobs().has(unknown), false);
  await assert.rejects(blobs().unpack(unknown, at("copy")), refused("artifact-missing"));
  await assert.rejects(
    blobs().unpack("../../etc" as Digest, at("copy")),
    refused("artifact-missing"),
  );
});

test("an artifact without a file is refused, whatever folders and links it has", async () => {
  mkdirSync(at("empty", "lib"), { recursive: true });
  symlinkSync("lib", at("empty", "link"));
  await assert.rejects(blobs().put(at("empty")), refused("artifact-empty", /empty/));
});

for (const target of ["/etc/passwd", "../../outside", "lib/../../outside", "lib/main/../../.."]) {
  test(`a link to ${target} is refused`, async () => {
    symlinkSync(target, at("dist", "bad"));
    await assert.rejects(blobs().put(at("dist")), refused("artifact-link", /bad/));
  });
}

test("a pipe is refused, without waiting for a writer", async () => {
  execFileSync("mkfifo", [at("dist", "pipe")]);
  await assert.rejects(blobs().put(at("dist")), refused("artifact-entry", /pipe/));
});

for (const [name, what] of [
  ["a\nb", "a line feed"],
  ["a\u001b[31mb", "an escape"],
] as const) {
  test(`a name with ${what} is refused`, async () => {
    writeFileSync(at("dist", name), "");
    await assert.rejects(blobs().put(at("dist")), refused("artifact-name"));
  });
}

test("a path that is too deep is refused", async () => {
  mkdirSync(at("dist", ...Array<string>(65).fill("d")), { recursive: true });
  await assert.rejects(blobs().put(at("dist")), refused("artifact-name", /deeper than 64/));
});

const onlyFileIn = (folder: string): string => {
  const [name = ""] = readdirSync(folder);
  const path = join(folder, name);
  return lstatSync(path).isDirectory() ? onlyFileIn(path) : path;
};

const overwrite = (path: string, text: string): void => {
  rmSync(path);
  writeFileSync(path, text);
};

test("changed contents are noticed and leave nothing behind; storing again mends", async () => {
  const { digest } = await blobs().put(at("dist", "main.js"));
  overwrite(onlyFileIn(at("store", "files")), "console.log(2)\n");
  await assert.rejects(blobs().unpack(digest, at("copy")), refused("artifact-damaged", /main\.js/));
  assert.ok(!existsSync(at("copy")));
  await blobs().put(at("dist", "main.js"));
  await blobs().unpack(digest, at("copy"));
});

test("a missing file is noticed", async () => {
  const { digest } = await blobs().put(at("dist", "main.js"));
  rmSync(onlyFileIn(at("store", "files")));
  await assert.rejects(blobs().unpack(digest, at("copy")), refused("artifact-damaged", /missing/));
});

test("an edited list of files is noticed", async () => {
  const { digest } = await blobs().put(at("dist", "main.js"));
  const manifest = onlyFileIn(at("store", "manifests"));
  overwrite(manifest, readFileSync(manifest, "utf8").replace("main.js", "evil.js"));
  await assert.rejects(blobs().unpack(digest, at("copy")), refused("artifact-damaged"));
});

const file = (path: string): object => ({
  kind: "file",
  path,
  executable: false,
  bytes: 0,
  sha256: sha256Hex(""),
});

for (const [what, entries] of [
  ["a path that climbs out", [file("../escaped")]],
  ["an absolute path", [file("/tmp/escaped")]],
  ["a link that leaves", [{ kind: "link", path: "l", target: "../.." }]],
  ["a file below a link", [{ kind: "link", path: "l", target: "." }, file("l/x")]],
  ["one path twice", [file("a"), file("a")]],
  ["an unknown kind", [{ kind: "device", path: "a" }]],
] as const) {
  test(`a forged list with ${what} is refused even under its own digest`, async () => {
    await blobs().put(at("dist", "main.js"));
    const text = JSON.stringify({ version: 1, entries });
    const hash = sha256Hex(text);
    writeFileSync(at("store", "manifests", `${hash}.json`), text);
    await assert.rejects(blobs().unpack(`sha256:${hash}` as Digest, at("copy")), Refusal);
    assert.ok(!existsSync(at("copy")) && !existsSync(at("escaped")));
  });
}

test("a folder that exists is not unpacked into, and stays as it is", async () => {
  const { digest } = await blobs().put(at("dist"));
  mkdirSync(at("copy"));
  writeFileSync(at("copy", "mine"), "");
  await assert.rejects(blobs().unpack(digest, at("copy")), { code: "EEXIST" });
  assert.deepEqual(readdirSync(at("copy")), ["mine"]);
});

test("many stores at once end with one complete artifact", async () => {
  const digests = await Promise.all(
    [1, 2, 3, 4].map(async () => (await blobs().put(at("dist"))).digest),
  );
  assert.equal(new Set(digests).size, 1);
  const [digest] = digests;
  assert.ok(digest !== undefined);
  await blobs().unpack(digest, at("copy"));
  assert.deepEqual(readdirSync(at("store", "incoming")), []);
});

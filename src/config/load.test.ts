// Reading definitions from disk, with all that may be wrong with a path.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Refusal } from "../core/refusal.ts";
import { loadDefinitions, readDefinitions } from "./load.ts";

const PLAYBOOK = "kind: Playbook\nname: NAME\ndeploy: [{ recreate: {} }]\n";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-load-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const put = (path: string, content: string | Buffer): string => {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, content);
  return file;
};

const codeOf = (...paths: readonly string[]): string => {
  try {
    loadDefinitions(paths);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return "accepted";
};

test("a folder gives all yaml and yml files below it, by name, without hidden ones", () => {
  put("b/two.yml", PLAYBOOK.replace("NAME", "two"));
  put("a.yaml", PLAYBOOK.replace("NAME", "one"));
  put("notes.txt", "not a definition");
  put(".git/x.yaml", "not a definition");
  put("node_modules/x.yaml", "not a definition");
  symlinkSync(folder, join(folder, "loop"));
  assert.deepEqual(
    loadDefinitions([folder]).playbooks.map(({ name }) => name),
    ["one", "two"],
  );
});

test("a file that is named twice is read once", () => {
  const file = put("a.yaml", PLAYBOOK.replace("NAME", "one"));
  assert.equal(readDefinitions([file, folder]).length, 1);
});

test("what cannot be read is refused", () => {
  assert.equal(codeOf(join(folder, "missing.yaml")), "missing-file");
  assert.equal(codeOf(folder), "no-definitions");
  assert.equal(codeOf("/dev/null"), "not-a-file");
  assert.equal(codeOf(put("latin.yaml", Buffer.from([0x61, 0xe9, 0x0a]))), "not-utf8");
  assert.equal(codeOf(put("utf16.yaml", Buffer.from("\uFEFFkind: a", "utf16le"))), "not-utf8");
  assert.equal(
    codeOf(put("path.yaml/x.yaml", ""), join(folder, "path.yaml/x.yaml/y")),
    "missing-file",
  );
});

test("size is refused before anything is read", () => {
  const large = put("large.yaml", "");
  truncateSync(large, 1_048_577);
  assert.equal(codeOf(large), "file-too-large");
  rmSync(large);
  for (let index = 0; index < 17; index += 1) truncateSync(put(`${index}.yaml`, ""), 1_048_576);
  assert.equal(codeOf(folder), "definitions-too-large");
});

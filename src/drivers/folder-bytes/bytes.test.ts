// A folder keeps the contract of bytes, and shows its content to nobody else.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { bytesContract } from "../../ports/bytes.contract.ts";
import { folderBytes } from "./bytes.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-bytes-"));
after(() => rmSync(root, { recursive: true, force: true }));

bytesContract("folder", async () => folderBytes(join(mkdtempSync(join(root, "store-")), "new")));

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

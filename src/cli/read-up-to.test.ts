// Files that are longer than they may be, and one that never ends.

import assert from "node:assert/strict";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readDefinitions } from "./definition-files.ts";
import { readUpTo } from "./read-up-to.ts";

test("what is longer shows by one byte that it is, also where it never ends", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-read-"));
  try {
    const path = join(folder, "a.txt");
    await writeFile(path, "12345");
    assert.equal((await readUpTo(path, 5)).toString(), "12345");
    assert.equal((await readUpTo(path, 4)).toString(), "12345");
    assert.equal((await readUpTo(path, 3)).toString(), "1234");
    await writeFile(path, "");
    assert.equal((await readUpTo(path, 3)).length, 0);
    assert.equal((await readUpTo("/dev/zero", 1_000_000)).length, 1_000_001);
    await assert.rejects(readUpTo(join(folder, "none"), 1), { code: "ENOENT" });
    await assert.rejects(readUpTo(folder, 1), { code: "EISDIR" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("definitions of three gigabytes are refused for their size, and are not read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-read-"));
  try {
    const path = join(folder, "a.yaml");
    await writeFile(path, "kind: Group\n");
    await truncate(path, 3 * 2 ** 30);
    await assert.rejects(readDefinitions(["a.yaml"], folder), /more than 16 MiB of definitions/u);
  } finally {
    await rm(folder, { recursive: true });
  }
});

// The law of the house, run over the house. What each rule catches is tested beside it, in
// src/tidy/; this says whether the repository keeps them.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path/posix";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { violationLine, violationsOf } from "./tidy/law.ts";
import type { SourceText } from "./tidy/source.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** What .gitignore leaves out, and Git's own. */
const UNTRACKED: ReadonlySet<string> = new Set([".git", "node_modules", ".sluice", "coverage"]);
const TEXT = /\.(ts|js|json|md|yaml|yml|sql|svg|html|css|sh)$|(^|\/)\.?[a-z]+$/i;

const textsIn = async (folder: string): Promise<readonly SourceText[]> => {
  const entries = await readdir(join(REPOSITORY, folder), { withFileTypes: true });
  const kept = entries.filter((entry) => !UNTRACKED.has(entry.name));
  const found = kept.map(async (entry): Promise<readonly SourceText[]> => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return textsIn(path);
    if (!entry.isFile() || !TEXT.test(path)) return [];
    return [{ path, text: await readFile(join(REPOSITORY, path), "utf8") }];
  });
  return (await Promise.all(found)).flat();
};

test("the repository keeps the law", async () => {
  const texts = await textsIn(".");
  assert.ok(texts.length > 50, `only ${texts.length} files were found`);
  const violations = violationsOf(texts);
  if (violations.length === 0) return;
  const list = violations.map(violationLine).join("\n");
  assert.fail(`${violations.length} violations\n${list}`);
});

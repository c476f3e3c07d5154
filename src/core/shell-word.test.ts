// Words of commands: what a report calls something must not do anything in a shell.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { shellWord } from "./shell-word.ts";

test("a plain id stays as it is, anything else is quoted", () => {
  const table: readonly (readonly [text: string, word: string])[] = [
    ["CVE-2026-1234", "CVE-2026-1234"],
    ["js/sql-injection", "js/sql-injection"],
    ["", "''"],
    ["-rf", "'-rf'"],
    ["a b", "'a b'"],
    ["$(id)", "'$(id)'"],
    ["it's", String.raw`'it'\''s'`],
  ];
  for (const [text, word] of table) assert.equal(shellWord(text), word);
});

test("a shell reads back what was meant", () => {
  for (const text of [
    "$(id) `id` \\ ' \" ; | & > x * ? ~",
    "it's; rm -rf /",
    "#",
    "!!",
    "ä\u200b",
  ]) {
    const told = execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`]).toString();
    assert.equal(told, text);
  }
});

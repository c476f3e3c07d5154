// The documents say only what is so: their commands exist, their definitions are valid, their links
// and the files they name are there.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";

import { parseDefinitions } from "../src/config/parse.ts";
import { Refusal } from "../src/core/refusal.ts";
import { blocksIn, commandsOf } from "./doc-blocks.ts";
import type { Block } from "./doc-blocks.ts";
import { wrongWith } from "./doc-command.ts";
import type { Known } from "./doc-command.ts";
import { REPOSITORY } from "./run-process.ts";
import { helpOf } from "./sluice-help.ts";
import type { Help } from "./sluice-help.ts";

const read = (path: string): Promise<string> => readFile(join(REPOSITORY, path), "utf8");

const files = (await Array.fromAsync(glob(["*.md", "docs/*.md"], { cwd: REPOSITORY }))).toSorted();
const documents = await Promise.all(files.map(async (file) => ({ file, text: await read(file) })));
const blocks = documents.flatMap(({ file, text }) => blocksIn(file, text));

const knownNow = async (): Promise<Known> => {
  const json = JSON.parse(await read("package.json")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const asked = new Map<string, Promise<Help>>();
  return {
    scripts: new Set(Object.keys(json.scripts)),
    help: (path) => {
      const key = path.join(" ");
      const help = asked.get(key) ?? helpOf(path);
      asked.set(key, help);
      return help;
    },
  };
};

describe("the documents", () => {
  test("name only commands, options and arguments that exist", async () => {
    const known = await knownNow();
    const wrong: string[] = [];
    for (const block of blocks.filter((one) => one.language === "sh")) {
      for (const command of commandsOf(block)) {
        const found = await wrongWith(command, known);
        if (found !== null) wrong.push(`${block.file}:${block.line} ${command}: ${found}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test("show only definitions that are valid", () => {
    const definitions = blocks.filter((one) => one.language === "yaml");
    assert.ok(definitions.length > 0);
    assert.deepEqual(definitions.flatMap(wrongWithDefinition), []);
  });

  test("link only to files and headings that are there", () => {
    assert.deepEqual(documents.flatMap(brokenLinks), []);
  });

  test("name only files of the repository that are there", () => {
    const named = documents.flatMap(({ file, text }) =>
      Array.from(text.matchAll(/`((?:src|test|docs|demo|bench|stories|schema)\/[\w./-]*)`/g)).map(
        (match) => ({ file, path: match[1] ?? "" }),
      ),
    );
    const missing = named.filter(({ path }) => !existsSync(join(REPOSITORY, path)));
    assert.deepEqual(missing, []);
  });

  test("mark some commands as ones that can be carried out", () => {
    const runnable = blocks.filter((one) => one.run);
    assert.ok(runnable.length > 0);
    assert.deepEqual(new Set(runnable.map((one) => one.language)), new Set(["sh"]));
  });
});

/** Definitions of one block need not hold together with others, but each must be valid. */
const wrongWithDefinition = (block: Block): readonly string[] => {
  try {
    parseDefinitions([{ path: `${block.file}:${block.line}`, text: block.text }]);
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [error.message];
    throw error;
  }
};

const brokenLinks = ({ file, text }: { file: string; text: string }): readonly string[] =>
  Array.from(text.matchAll(/\]\(([^)\s]+)\)/g)).flatMap((match) => {
    const link = match[1] ?? "";
    if (/^https?:/.test(link)) return [];
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(join(REPOSITORY, target))) return [`${file}: ${link}`];
    const other = documents.find((one) => one.file === target);
    if (anchor === undefined || other === undefined) return [];
    return anchorsOf(other.text).includes(anchor) ? [] : [`${file}: ${link}`];
  });

/** As code hosts make them of headings. */
const anchorsOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(/^#+ (.*)$/gm), (match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

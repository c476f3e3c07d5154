// Plants wrong commands in documents; each must be found, and right ones must not.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { blocksIn, commandsOf, wordsOf } from "./doc-blocks.ts";
import { wrongWith } from "./doc-command.ts";
import type { Known } from "./doc-command.ts";
import { parseHelp } from "./sluice-help.ts";

const TOP = `Usage: sluice [options] [command]

Options:
  -V, --version                output the version
  -h, --help                   display help

Commands:
  rollback [options] <service> <environment>  go back
  release                      releases
`;

const ROLLBACK = `Usage: sluice rollback [options] <service> <environment>

Options:
  --to <release>     which
  --reason <text>    why
  -w, --watch        stay
  --json             print JSON
  -h, --help         display help

Global Options:
  --data-dir <DIR>   where

Example:
  sluice rollback hello production
`;

const RELEASE = `Usage: sluice release [options] [command]

Commands:
  list|ls [service...]   releases
`;

const LIST = `Usage: sluice release list [options] [service...]

Options:
  --json   print JSON
`;

const HELPS: Readonly<Record<string, string>> = {
  "": TOP,
  rollback: ROLLBACK,
  release: RELEASE,
  "release list": LIST,
};

const known: Known = {
  scripts: new Set(["test", "demo"]),
  help: async (path) => parseHelp(HELPS[path.join(" ")] ?? ""),
};

describe("a command in the documents", () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["npx sluice rolback hello production", /sluice has no command rolback/],
    ["npx sluice rollback hello production --now", /sluice rollback has no option --now/],
    ["sluice rollback hello", /takes 2 to 2 arguments, found 1/],
    ["sluice rollback --to hello@1 hello", /takes 2 to 2 arguments, found 1/],
    ["sluice rollback hello production now", /takes 2 to 2 arguments, found 3/],
    ["npm run nothing", /package\.json has no script nothing/],
    ["npm install", /npm install is nothing/],
    ["frobnicate", /who has the program frobnicate/],
  ];
  for (const [command, message] of wrong) {
    test(`is found wrong: ${command}`, async () => {
      assert.match((await wrongWith(command, known)) ?? "", message);
    });
  }

  const right: readonly string[] = [
    `npx sluice rollback hello production --to hello@1 --reason "a b c" -w --json`,
    "sluice rollback hello production --to=hello@1",
    "sluice rollback hello production --data-dir somewhere",
    "sluice release list",
    "sluice release list a b c --json",
    "npm ci",
    "npm test -- --only unit",
    "npm run demo -- --json",
    "cd sluice",
  ];
  for (const command of right) {
    test(`is found right: ${command}`, async () => {
      assert.equal(await wrongWith(command, known), null);
    });
  }
});

test("blocks are found with their language, mark and line; commands without comments", () => {
  const text = "# A\n\n```sh run\n# first\nnpm ci\nnpm \\\n  test\n```\n\n```yaml\nkind: A\n```\n";
  const blocks = blocksIn("a.md", text);
  assert.deepEqual(
    blocks.map(({ language, run, line }) => ({ language, run, line })),
    [
      { language: "sh", run: true, line: 4 },
      { language: "yaml", run: false, line: 11 },
    ],
  );
  assert.deepEqual(blocks[0] && commandsOf(blocks[0]), ["npm ci", "npm    test"]);
});

test("quotes hold words together", () => {
  assert.deepEqual(wordsOf(`a "b c" 'd e' f=1`), ["a", "b c", "d e", "f=1"]);
});

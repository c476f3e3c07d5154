// Plants texts that must not be tracked, put together here so that this file may be.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { judge } from "./testing.ts";
import { checkHeaders, checkText } from "./text.ts";
import { treeOf } from "./tree.ts";

describe("headers", () => {
  const headersIn = (text: string): number =>
    checkHeaders(treeOf([{ path: "src/store/a.ts", text }])).length;

  test("a file without a first comment, or with one that says nothing, is caught", () => {
    assert.equal(headersIn("export const a = 1;\n"), 1);
    assert.equal(headersIn("\n// What this file is, in a sentence.\n"), 1);
    assert.equal(headersIn("// store\nexport const a = 1;\n"), 1);
    assert.equal(headersIn("// begins a sentence that does not come to an end\n\nconst a = 1;"), 1);
  });

  test("a sentence passes, also over two lines or after a line for the system", () => {
    assert.equal(headersIn("// Keeps runs between passes.\nconst a = 1;\n"), 0);
    assert.equal(headersIn("// Keeps runs between passes, and nothing\n// else.\n\nlet a;\n"), 0);
    assert.equal(headersIn("#!/usr/bin/env node\n// Keeps runs between passes.\n"), 0);
  });
});

describe("text", () => {
  const forbidden: readonly (readonly [string, string, RegExp])[] = [
    ["src/store/a.ts", `// ${"TO"}${"DO"}: later`, /^src\/store\/a\.ts:2 unfinished: \w+: fin/],
    ["docs/a.md", `one\n${"FIX"}${"ME"} this`, /^docs\/a\.md:2 unfinished/],
    ["README.md", `cd ${"/work"}/main`, /machine-path: .*this path exists on one machine/],
    ["a.json", `{"a":"${"/home"}/alice/x"}`, /machine-path/],
    [".npmrc", `${"registry"}=https:${"//registry"}.example.org/`, /registry: .*business/],
    ["package-lock.json", `"${"resol"}${"ved"}": "https://x/y.tgz"`, /registry: .*pins content/],
  ];
  for (const [path, text, message] of forbidden) {
    test(`caught in ${path}: ${message.source}`, () => {
      assert.match(judge(checkText, { [path]: text }).join("\n"), message);
    });
  }

  test("words and paths that only resemble them pass", () => {
    const found = judge(checkText, {
      "docs/a.md": "a todo list, mastodon, the work/main folder, ~/work/x, /workspace, /homepage",
      "src/store/a.ts": 'const a = "https://example.com/home/page"; const b = "./root/x";',
    });
    assert.deepEqual(found, []);
  });
});

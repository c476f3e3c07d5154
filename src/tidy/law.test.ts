// Every rule is part of the law: a repository that breaks each of them hears of each.

import assert from "node:assert/strict";
import { test } from "node:test";

import { violationsOf } from "./law.ts";
import { plant } from "./testing.ts";

const LONG = "b();\n".repeat(600);

test("a repository that breaks every rule hears of every rule", () => {
  const planted = plant({
    "src/core/clock.ts": `export const now = () => Date.now();\nimport "../store/a.ts";`,
    "src/attic/a.ts": "export const a = 1;",
    "src/store/a.ts": `import { b } from "./utils.ts";\nconsole.log(b);\nlet c = 1;\nenum D {}`,
    "src/store/utils.ts": `import { a } from "./a.ts";\nnamespace E { export const f = 1; }`,
    "src/store/barrel.ts": `export * from "./a.ts";`,
    "src/store/class.ts": "export default class { constructor(readonly a: string) {} }",
    "src/store/long.ts": `export const f = () => {\n${LONG}};`,
    "src/store/wide.ts": `export const a = "${"x".repeat(100)}";`,
    "docs/a.md": `${"TO"}${"DO"}: cd ${"/work"}/main, https:${"//registry"}.example.org`,
  });
  const headless = { path: "src/store/headless.ts", text: "export const a = 1;\n" };
  const rules = new Set(violationsOf([...planted, headless]).map((violation) => violation.rule));
  assert.deepEqual([...rules].toSorted(), [
    "barrel",
    "columns",
    "cycles",
    "dead-export",
    "dead-file",
    "default-export",
    "enum",
    // The real exceptions excuse nothing here.
    "exceptions",
    "file-length",
    "file-lengths",
    "file-name",
    "function-length",
    "header",
    "imports",
    "machine-path",
    "module-state",
    "namespace",
    "parameter-property",
    "printing",
    "registry",
    "rooms",
    "unfinished",
    "words",
  ]);
});

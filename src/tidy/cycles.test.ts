// Plants circles of imports, long and short.

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkCycles } from "./cycles.ts";
import { judge } from "./testing.ts";

test("a circle of three is told in the order of its imports", () => {
  const found = judge(checkCycles, {
    "src/core/a.ts": `import { b } from "./b.ts";`,
    "src/core/b.ts": `import type { C } from "./c.ts";`,
    "src/core/c.ts": `export { a } from "./a.ts";`,
    "src/core/d.ts": `import { a } from "./a.ts";`,
  });
  assert.deepEqual(found, [
    "src/core/a.ts:0 cycles: imports itself: src/core/a.ts → src/core/b.ts → src/core/c.ts → " +
      "src/core/a.ts",
  ]);
});

test("a file that imports itself is a circle too", () => {
  assert.equal(judge(checkCycles, { "src/core/a.ts": `import { b } from "./a.ts";` }).length, 1);
});

test("two ways to the same file are no circle", () => {
  const found = judge(checkCycles, {
    "src/core/a.ts": `import { b } from "./b.ts";\nimport { c } from "./c.ts";`,
    "src/core/b.ts": `import { d } from "./d.ts";`,
    "src/core/c.ts": `import { d } from "./d.ts";`,
    "src/core/d.ts": `const back = new URL("./a.ts", import.meta.url);`,
  });
  assert.deepEqual(found, []);
});

// Plants prints where they belong and where they do not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkPrinting } from "./printing.ts";
import { judge } from "./testing.ts";

test("console is caught where nobody reads a terminal", () => {
  const found = judge(checkPrinting, {
    "src/drivers/process/a.ts": "console.log(1);",
    "src/sim/world.ts": "console.error(1);",
  });
  assert.equal(found.length, 2);
  assert.match(found[0] ?? "", /^src\/drivers\/process\/a\.ts:2 printing: console\.log prints/);
});

test("console passes in what people run, in tests, and as a mere word", () => {
  const found = judge(checkPrinting, {
    "src/cli/a.ts": "console.log(1);",
    "src/sim/main.ts": "console.log(1);",
    "demo/main.ts": "console.log(1);",
    "src/store/a.test.ts": "console.log(1);",
    "src/store/a.ts": '// console.log(1)\nconst a = "console.log";',
  });
  assert.deepEqual(found, []);
});

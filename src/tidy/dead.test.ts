// Plants files and exports that nobody uses, beside ones that are used in every lawful way.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { checkDeadExports, checkDeadFiles } from "./dead.ts";
import { judge } from "./testing.ts";

describe("dead files", () => {
  test("a file that only its test imports is caught", () => {
    const found = judge(checkDeadFiles, {
      "src/store/a.ts": "export const a = 1;",
      "src/store/a.test.ts": `import { a } from "./a.ts";`,
      "src/ports/b.contract.ts": "export const b = 1;",
    });
    assert.deepEqual(
      found.map((one) => one.split(" ", 2).join(" ")),
      ["src/store/a.ts:0 dead-file:", "src/ports/b.contract.ts:0 dead-file:"],
    );
  });

  test("entry points, imported and started files, types and contracts of tests pass", () => {
    const found = judge(checkDeadFiles, {
      "src/main.ts": `import { a } from "./store/a.ts";`,
      "src/store/a.ts": `export const a = [new URL("./b.ts", import.meta.url), B];
        const B = new URL("c.ts", import.meta.url);`,
      "src/store/b.ts": "const b = 1;",
      "src/store/c.ts": "const c = 1;",
      "src/core/node-crypto.d.ts": "export const b: number;",
      "src/ports/c.contract.ts": "export const c = 1;",
      "src/store/a.test.ts": `import { c } from "../ports/c.contract.ts";`,
      "bench/line.ts": "export const b = 1;",
    });
    assert.deepEqual(found, []);
  });
});

describe("dead exports", () => {
  test("values and types that nothing imports are caught, one by one", () => {
    const found = judge(checkDeadExports, {
      "src/main.ts": `import { used } from "./store/a.ts";`,
      "src/store/a.ts": [
        "export const used = 1, unused = 2;",
        "export interface Alone {}",
        "export function f() {}",
      ].join("\n"),
      "src/store/a.test.ts": `import { unused, f } from "./a.ts";`,
    });
    assert.deepEqual(found, [
      "src/store/a.ts:2 dead-export: nothing imports unused; drop the word export, or the thing",
      "src/store/a.ts:3 dead-export: nothing imports Alone; drop the word export, or the thing",
      "src/store/a.ts:4 dead-export: nothing imports f; drop the word export, or the thing",
    ]);
  });

  test("what its own file uses may be exported for its test, and for nothing less", () => {
    const found = judge(checkDeadExports, {
      "src/main.ts": `import { used } from "./store/a.ts";`,
      "src/store/a.ts": [
        "export const part = 1, untested = 2;",
        "export const used = () => part + untested;",
      ].join("\n"),
      "src/store/a.test.ts": `import { part } from "./a.ts";`,
    });
    assert.deepEqual(found, [
      "src/store/a.ts:2 dead-export: nothing imports untested; drop the word export, or the thing",
    ]);
  });

  test("every way of taking a name counts, and so does being part of an exported type", () => {
    const found = judge(checkDeadExports, {
      "src/main.ts": [
        `import { a as x, type Whole } from "./store/a.ts";`,
        `import * as all from "./store/b.ts";`,
        `export { c } from "./store/c.ts";`,
        `type D = import("./store/d.ts").D;`,
        `const e = await import("./store/e.ts");`,
      ].join("\n"),
      "src/store/a.ts":
        "export const a = 1; export interface Whole { p: Part } export type Part = 1;",
      "src/store/b.ts": "export const b1 = 1; export const { b2, c: [b3] } = x;",
      "src/store/c.ts": "export class c {}",
      "src/store/d.ts": "export interface D {}",
      "src/store/e.ts": "export const e = 1;",
      "src/ports/f.contract.ts": "export const f = 1;",
      "src/store/a.test.ts": `import { f } from "../ports/f.contract.ts";`,
    });
    assert.deepEqual(found, []);
  });
});

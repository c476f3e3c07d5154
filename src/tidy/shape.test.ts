// Plants every construct that the house does without, beside its nearest lawful neighbour.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { checkShape } from "./shape.ts";
import { judge } from "./testing.ts";

describe("shape", () => {
  const forbidden: readonly (readonly [string, RegExp])[] = [
    ["export default 1;", /^src\/store\/a\.ts:2 default-export: give it a name/],
    ["export default function a() {}", /default-export/],
    ["const a = 1;\nexport { a as default };", /^src\/store\/a\.ts:3 default-export/],
    ['export * from "./b.ts";', /barrel: export \* hides/],
    ['export { b } from "./b.ts";\nexport type { C } from "./c.ts";', /barrel: this file only/],
    ["enum A { B }", /^src\/store\/a\.ts:2 enum: A: no enum; a union of literals/],
    ["const enum A { B }", /enum: A: no enum/],
    ["namespace A { export const b = 1; }", /namespace: A: no namespace/],
    ["declare global { interface A {} }", /namespace: global: no namespace/],
    ["class A { constructor(readonly b: string) {} }", /parameter-property: b: no parameter prop/],
    ["class A { constructor(private b: string) {} }", /parameter-property: b/],
    ["let a = 1;", /module-state: a: no module state; make it in a function/],
    ["export let a: string;", /module-state: a/],
    ["var a = 1;", /module-state: a/],
    ["const cache = new Map<string, number>();", /module-state: cache/],
    ["const seen: string[] = [];", /module-state: seen/],
    ["const byName: Record<string, string> = {};", /module-state: byName/],
  ];
  for (const [text, message] of forbidden) {
    test(`caught: ${text}`, () => {
      const found = judge(checkShape, { "src/store/a.ts": text });
      assert.match(found.join("\n"), message);
    });
  }

  test("lawful neighbours pass", () => {
    const found = judge(checkShape, {
      "src/store/a.ts": [
        'import { b } from "./b.ts";',
        'export { c } from "./c.ts";',
        'export const kinds = new Map([["a", 1]]);',
        "export const none: readonly string[] = [];",
        "const nobody: ReadonlySet<string> = new Set();",
        'const waiting: Pass["waiting"] = [];',
        "export const f = () => { let n = 0; const m = new Map(); return [n, m]; };",
        "export class A { readonly b: string; constructor(b: string) { this.b = b; } }",
        'const text = "export default enum namespace let a";',
        "// let a = 1; export default a;",
        "if (kinds.size > 1) { let x = 1; }",
      ].join("\n"),
      "src/core/node-crypto.d.ts": 'declare module "node:crypto" { export const a: string; }',
      "src/store/a.test.ts": "let database: string;",
    });
    assert.deepEqual(found, []);
  });
});

describe("file names", () => {
  for (const path of ["utils", "string-helpers", "run-manager", "common", "misc", "index"]) {
    test(`${path}.ts is caught`, () => {
      const found = judge(checkShape, { [`src/store/${path}.ts`]: "export const a = 1;" });
      assert.match(found.join("\n"), /file-name: "\w+" names nothing/);
    });
  }

  test("a name in capitals is caught", () => {
    const found = judge(checkShape, { "src/store/runStore.ts": "export const a = 1;" });
    assert.match(found.join("\n"), /lower-case words with dashes/);
  });

  test("nouns pass, also with a second ending", () => {
    const found = judge(checkShape, {
      "src/store/run-store.ts": "export const a = 1;",
      "src/store/run-store.test.ts": "export const a = 1;",
      "src/ports/target.contract.ts": "export const a = 1;",
      "src/store/indexes.ts": "export const a = 1;",
    });
    assert.deepEqual(found, []);
  });
});

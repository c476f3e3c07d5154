// Plants forbidden names in every way they can be written, beside texts that only contain them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { judge } from "./testing.ts";
import { checkWords } from "./words.ts";

const caught = (path: string, text: string, message: RegExp): void => {
  const found = judge(checkWords, { [path]: text });
  assert.ok(found.length > 0, "nothing was caught");
  assert.match(found[0] ?? "", message);
};

describe("words", () => {
  const forbidden: readonly (readonly [string, RegExp])[] = [
    ["const a = Date.now();", /^src\/core\/a\.ts:2 words: Date\.now has no place in src\/core\//],
    ["const a = new Date();", /Date has no place/],
    ["const a = (d: Date): number => d.getTime();", /Date has no place/],
    ["const a = Temporal.Now.instant();", /Temporal\.Now has no place/],
    ['const a = Temporal["Now"];', /Temporal\.Now has no place/],
    ["const { Now } = Temporal;", /Temporal has no place/],
    ["const a = Math.random();", /Math\.random has no place/],
    ['const a = Math["random"]();', /Math\.random has no place/],
    ["const a = Math[name]();", /Math\[\] has no place/],
    ["const { random } = Math;", /Math has no place/],
    ["const a = crypto.randomUUID();", /crypto\.randomUUID has no place/],
    ["const a = async () => 1;", /async has no place/],
    ["async function a() {}", /async has no place/],
    ["class A { async b() {} }", /async has no place/],
    ["const a = await b;", /await has no place/],
    ["for await (const a of b) c(a);", /await has no place/],
    ["const a: Promise<void> = b;", /Promise has no place/],
    ["const a = process.env;", /process\.env has no place/],
    ["const a = { process };", /process has no place/],
    ["const a = fetch(url);", /fetch has no place/],
    ["setTimeout(a, 1);", /setTimeout has no place/],
    ["setInterval(a, 1);", /setInterval has no place/],
    ["queueMicrotask(a);", /queueMicrotask has no place/],
    ["console.log(1);", /console\.log has no place/],
    ["const a = globalThis.b;", /globalThis\.b has no place/],
    ["const a = performance.now();", /performance\.now has no place/],
    ["const a = b.localeCompare(c);", /\.localeCompare has no place/],
    ["const a = `${Date.now()}`;", /Date\.now has no place/],
  ];
  for (const [text, message] of forbidden) {
    test(`core must not: ${text}`, () => caught("src/core/a.ts", text, message));
  }

  test("the shell must not use the real clock either, but may wait", () => {
    caught("src/shell/a.ts", "const a = AbortSignal.timeout(5);", /runs on the real clock/);
    caught("src/shell/a.ts", "const a = Date.now();", /time is passed in/);
    const waits = "const a = async (b: Promise<void>) => { await b; };";
    assert.deepEqual(judge(checkWords, { "src/shell/a.ts": waits }), []);
  });

  test("comments, strings, regular expressions and names of members are no mentions", () => {
    const found = judge(checkWords, {
      "src/core/a.ts": [
        "// Date.now, process, await",
        "/** @param Date is not used */",
        'const a = "Date.now()";',
        "const b = `process ${a} await`;",
        "const c = /Date|process|fetch/;",
        "interface D { readonly process: string; fetch(): void; readonly await: number }",
        "const e = { process: 1, Date: 2 };",
        "const f = e.process;",
        "const { process: g } = e;",
        "const h = Math.max(1, 2);",
        "const i = (at: Temporal.ZonedDateTime) => Temporal.Duration.from(at.offset);",
        "const today = 1; const dates = 2; const asyncTask = 3;",
      ].join("\n"),
    });
    assert.deepEqual(found, []);
  });

  test("tests of core may use what core may not", () => {
    assert.deepEqual(judge(checkWords, { "src/core/a.test.ts": "const a = Date.now();" }), []);
  });
});

// Plants files, functions and lines that are one too long, and ones that are just not.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { checkColumns, checkDistribution, checkFileLength, checkFunctionLength } from "./size.ts";
import { judge } from "./testing.ts";

/** `count` lines. The planted header is one more. */
const lines = (count: number): string => "const a = 1;\n".repeat(count);

const functionOf = (count: number): string => `const f = () => {\n${"b();\n".repeat(count - 2)}};`;

describe("file length", () => {
  test("501 lines are caught, 500 pass", () => {
    assert.deepEqual(judge(checkFileLength, { "src/store/a.ts": lines(500) }), [
      "src/store/a.ts:0 file-length: 501 lines; at most 500",
    ]);
    assert.deepEqual(judge(checkFileLength, { "src/store/a.ts": lines(499) }), []);
  });

  test("a median above 80 lines is caught", () => {
    const files = { "src/store/a.ts": lines(80), "src/store/b.ts": lines(80) };
    assert.deepEqual(judge(checkDistribution, files), [
      "src:0 file-lengths: the median of file lengths is 81 lines; at most 80",
    ]);
    const shorter = { ...files, "src/store/c.ts": lines(9), "src/store/d.ts": lines(9) };
    assert.deepEqual(judge(checkDistribution, shorter), []);
  });

  test("a tenth of the files above 250 lines pass, more are caught", () => {
    const small = Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [`src/store/s${at}.ts`, lines(10)]),
    );
    const one = { ...small, "src/store/a.ts": lines(300) };
    assert.deepEqual(judge(checkDistribution, one), []);
    const two = { ...one, "src/store/b.ts": lines(300), "src/store/b.test.ts": lines(400) };
    assert.deepEqual(judge(checkDistribution, two), [
      "src:0 file-lengths: the 90th percentile of file lengths is 301 lines; at most 250",
    ]);
  });
});

describe("function length", () => {
  test("71 lines are caught, 70 pass", () => {
    assert.deepEqual(judge(checkFunctionLength, { "src/store/a.ts": functionOf(71) }), [
      "src/store/a.ts:2 function-length: f has 71 lines; at most 70",
    ]);
    assert.deepEqual(judge(checkFunctionLength, { "src/store/a.ts": functionOf(70) }), []);
  });

  test("methods, functions and callbacks count alike", () => {
    const body = `{\n${"b();\n".repeat(80)}}`;
    const found = judge(checkFunctionLength, {
      "src/store/a.ts": `class A { run() ${body} }\nfunction g() ${body}\ncall(() => ${body});`,
    });
    assert.deepEqual(
      found.map((one) => one.replace(/.*function-length: /, "")),
      ["run", "g", "(anonymous)"].map((name) => `${name} has 82 lines; at most 70`),
    );
  });

  test("braces in strings, templates and regular expressions do not end a function", () => {
    const closing = 'const a = "}";\nconst b = `}${"}"}`;\nconst c = /}/;\n// }\n';
    const text = `const f = () => {\n${closing}${"b();\n".repeat(79)}};`;
    assert.match(judge(checkFunctionLength, { "src/store/a.ts": text })[0] ?? "", /f has 85 lines/);
  });

  test("a list of tests may be long, one test may not", () => {
    const files = {
      "src/store/a.test.ts": `describe("x", () => {\n${"test();\n".repeat(80)}});`,
      "src/ports/a.contract.ts": `export const contract = () => {\n${"test();\n".repeat(80)}};`,
    };
    assert.deepEqual(judge(checkFunctionLength, files), []);
    const long = { "src/store/a.test.ts": `test("x", () => {\n${"b();\n".repeat(80)}});` };
    assert.equal(judge(checkFunctionLength, long).length, 1);
  });
});

test("101 columns are caught, 100 characters pass whatever their width in bytes", () => {
  const wide = `const a = "${"é".repeat(87)}";`;
  assert.equal(wide.length, 100);
  assert.deepEqual(judge(checkColumns, { "src/store/a.ts": wide }), []);
  assert.deepEqual(judge(checkColumns, { "src/store/a.ts": `${wide} ;` }), [
    "src/store/a.ts:2 columns: 102 columns; at most 100",
  ]);
});

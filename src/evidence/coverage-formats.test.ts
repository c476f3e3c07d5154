// Cobertura and LCOV: what coverage is measured over, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readText, refusalOf, valuesOf } from "./reports.testing.ts";

const cobertura = (attributes: string): readonly string[] =>
  valuesOf(readText("a.xml", `<coverage ${attributes}/>`));
const lcov = (...records: readonly string[]): readonly string[] =>
  valuesOf(readText("a.info", records.map((one) => `SF:a\n${one}end_of_record\n`).join("")));

test("counted lines go before the rate, which is rounded", () => {
  assert.deepEqual(cobertura('line-rate="1" lines-covered="99999" lines-valid="100000"'), [
    "coverage 99.999 percent",
  ]);
  assert.deepEqual(cobertura('line-rate="0.57"'), ["coverage 57 percent"]);
  assert.deepEqual(cobertura('line-rate="0.9999999"'), ["coverage 99.999 percent"]);
  assert.deepEqual(cobertura('line-rate="1.0"'), ["coverage 100 percent"]);
});

test("where no line was measured nothing is covered, and branches are left out", () => {
  const nothing = 'line-rate="1" branch-rate="1" lines-valid="0" lines-covered="0"';
  assert.deepEqual(cobertura(`${nothing} branches-valid="0" branches-covered="0"`), [
    "coverage 0 percent",
  ]);
  assert.deepEqual(lcov(""), ["coverage 0 percent"]);
});

test("stated totals of a record go before its lines; without them the lines count", () => {
  assert.deepEqual(lcov("DA:1,1\nDA:2,0\nLF:4\nLH:3\n"), ["coverage 75 percent"]);
  assert.deepEqual(lcov("DA:1,1\nDA:2,000\n", "DA:1,1\nDA:2,9\n"), ["coverage 75 percent"]);
  assert.deepEqual(lcov("BRF:4\nBRH:1\nDA:1,1\n"), [
    "coverage 100 percent",
    "branchCoverage 25 percent",
  ]);
});

test("wrong Cobertura is refused with its line", () => {
  const table: readonly (readonly [code: string, attributes: string])[] = [
    ["report-bad-shape", 'clover="4.2"'],
    ["report-bad-number", 'line-rate="NaN"'],
    ["report-bad-number", 'line-rate="1.01"'],
    ["report-bad-number", 'line-rate="-0.5"'],
    ["report-bad-number", 'line-rate="83"'],
    ["report-bad-number", 'line-rate="0.5" lines-covered="5" lines-valid="4"'],
    ["report-bad-number", 'line-rate="0.5" branch-rate="x"'],
  ];
  for (const [code, attributes] of table) {
    const refusal = refusalOf(() => readText("a.xml", `\n<coverage ${attributes}/>`));
    assert.equal(refusal.code, code, attributes);
    assert.match(refusal.message, /^a\.xml:2: expected .*, found /u);
  }
});

test("wrong LCOV is refused with its line", () => {
  const table: readonly (readonly [code: string, line: number, text: string])[] = [
    ["report-truncated", 2, "SF:a\nDA:1,1"],
    ["report-bad-number", 2, "SF:a\nDA:1,-1\nend_of_record"],
    ["report-bad-number", 2, "SF:a\nDA:1,NaN\nend_of_record"],
    ["report-bad-number", 2, "SF:a\nLF:x\nend_of_record"],
    ["report-bad-number", 2, "SF:a\nLF:99999999999\nend_of_record"],
    ["report-bad-number", 4, "SF:a\nLF:1\nLH:2\nend_of_record"],
    ["report-bad-line", 2, "SF:a\nwhat is this\nend_of_record"],
    ["report-bad-line", 2, "SF:a\nSF:b\nend_of_record"],
    ["report-bad-line", 2, "TN:\nDA:1,1"],
    ["report-truncated", 1, "TN:a"],
  ];
  for (const [code, line, text] of table) {
    const refusal = refusalOf(() => readText("a.info", text));
    assert.equal(refusal.code, code, text);
    assert.match(refusal.message, new RegExp(`^a\\.info:${line}: expected .*, found `, "u"), text);
  }
});

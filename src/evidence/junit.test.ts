// JUnit: how the rate is named, what counts as passed, and what never is 100 %.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readText, refusalOf, valuesOf } from "./reports.testing.ts";
import { testKindOf } from "./test-kind.ts";

const first = (name: string, xml: string): string => valuesOf(readText(name, xml))[0] ?? "";
const suite = (attributes: string, cases = '<testcase name="a"/>'): string =>
  `<testsuite ${attributes}>${cases}</testsuite>`;

test("the file's name says what kind of tests they are, in whole words", () => {
  const table: Readonly<Record<string, string | null>> = {
    "integration-tests.xml": "integrationTests",
    "TEST-integration.xml": "integrationTests",
    "IntegrationTests.xml": "integrationTests",
    "TEST-com.example.OrdersIT.xml": "integrationTests",
    "unit.xml": "unitTests",
    "unitTests.xml": "unitTests",
    "e2e.xml": "e2eTests",
    "e2e_results.xml": "e2eTests",
    "end-to-end.xml": "e2eTests",
    "EndToEnd.xml": "e2eTests",
    "junit.xml": null,
    "community.xml": null,
    "does-it-work.xml": null,
    "unit-and-integration.xml": null,
    "results.xml": null,
    "": null,
  };
  for (const [name, kind] of Object.entries(table)) assert.equal(testKindOf(name), kind, name);
});

test("the file's name goes before the suite's, and that before those within", () => {
  assert.equal(first("e2e.xml", suite('name="unit"')), "e2eTests 100 percent");
  assert.equal(first("junit.xml", suite('name="unit"')), "unitTests 100 percent");
  const alike = `<testsuites>${suite('name="unit a"')}${suite('name="unit b"')}</testsuites>`;
  assert.equal(first("junit.xml", alike), "unitTests 100 percent");
  const mixed = `<testsuites>${suite('name="unit a"')}${suite('name="e2e b"')}</testsuites>`;
  assert.equal(first("junit.xml", mixed), "tests 100 percent");
  const partly = `<testsuites>${suite('name="unit a"')}${suite('name="b"')}</testsuites>`;
  assert.equal(first("junit.xml", partly), "tests 100 percent");
});

const rates: Readonly<Record<string, readonly [rate: number, xml: string]>> = {
  "all passed": [100, suite('tests="1"')],
  "no attributes at all": [100, suite("")],
  "one of three failed": [
    66.666,
    suite("", '<testcase name="a"/><testcase name="b"/><testcase name="c"><failure/></testcase>'),
  ],
  "a failure and an error in one case": [
    50,
    suite("", '<testcase name="a"/><testcase name="b"><failure/><error/></testcase>'),
  ],
  "a retry that failed and then passed": [
    100,
    suite("", '<testcase name="a"><flakyFailure/></testcase>'),
  ],
  "an empty suite": [0, suite('tests="0"', "")],
  "nothing but skipped cases": [0, suite("", '<testcase name="a"><skipped/></testcase>')],
  "no suites": [0, "<testsuites/>"],
  "an error that the suite states": [0, suite('tests="1" errors="1"')],
  "a failure that the outermost states": [
    50,
    `<testsuites failures="1">${suite("")}${suite("")}</testsuites>`,
  ],
  "an error outside any case": [0, suite("", '<testcase name="a"/><error message="setup"/>')],
  "nine cases that are stated and missing": [10, suite('tests="10"')],
  "cases left out because they were skipped": [100, suite('tests="3" skipped="2"')],
  "a case that was not run": [
    100,
    suite("", '<testcase name="a"/><testcase name="b" status="notrun"/>'),
  ],
  "suites within suites": [
    50,
    suite('tests="2" failures="1"', `${suite("")}${suite("", '<testcase><error/></testcase>')}`),
  ],
};

for (const [what, [rate, xml]] of Object.entries(rates)) {
  test(`${what}: ${rate} %`, () => {
    assert.equal(first("a.xml", xml), `tests ${rate} percent`);
  });
}

test("one failure among a hundred thousand is not rounded away", () => {
  const cases = '<testcase name="a"/>'.repeat(99_999);
  const xml = suite("", `${cases}<testcase name="b"><failure/></testcase>`);
  assert.deepEqual(valuesOf(readText("a.xml", xml)), [
    "tests 99.999 percent",
    "testCases 100000 count",
    "passed 99999 count",
    "failures 1 count",
    "skipped 0 count",
  ]);
});

test("numbers that are none are refused with their line", () => {
  for (const number of ["-1", "NaN", "1e9", "1.5", "0x10", "", "99999999999", "∞"]) {
    const xml = `<testsuites>\n${suite(`tests="${number}"`)}`;
    const refusal = refusalOf(() => readText("a.xml", xml));
    assert.equal(refusal.code, "report-bad-number", number);
    assert.match(refusal.message, /^a\.xml:2: expected tests of testsuite to be a number from 0/u);
  }
});

test("a case outside a suite or within another is refused", () => {
  const inner = suite("", '<testcase name="a"><testcase name="b"/></testcase>');
  const refusal = refusalOf(() => readText("a.xml", inner));
  assert.equal(refusal.code, "report-bad-shape");
  assert.match(refusal.message, /expected testcase in a testsuite/u);
});

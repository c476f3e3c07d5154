// Input that no tool writes: too much, too deep, cut off, not text, not a report. Each is refused
// in words, with its place, and in no more time than a good report takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readReport } from "./read-report.ts";
import { readText, refusalOf, sampleText, valuesOf } from "./reports.testing.ts";

const LIMIT = 20 * 2 ** 20;
/** Processor time, so that a busy machine does not matter; 3 s at most was measured. */
const DEADLINE_MS = 6_000;

const fill = (text: string): string => text.repeat(Math.floor((LIMIT - 2_000) / text.length));
const bomb = (declaration: string): string =>
  `<?xml version="1.0"?>\n<!DOCTYPE a [\n${declaration}\n]>\n<testsuite>&b;</testsuite>`;
const nested = Array.from("bcdefghij", (name, at) => {
  const inner = `&${"abcdefghi"[at] ?? "a"};`.repeat(10);
  return `<!ENTITY ${name} "${inner}">`;
}).join("\n");
const many = (count: number, each: string): string => Array(count).fill(each).join(",");

type Row = readonly [code: string, where: RegExp, text: () => string];

const table: Readonly<Record<string, Row>> = {
  "more than 20 MiB": ["report-too-large", /^a: /u, () => `${fill("x")}${"x".repeat(3_000)}`],
  "100 MB": ["report-too-large", /^a: /u, () => "<a>".repeat(33_000_000)],
  "nothing": ["report-empty", /^a: /u, () => ""],
  "white space": ["report-empty", /^a: /u, () => fill(" \n")],
  "prose": ["report-unknown", /^a:1: /u, () => fill("lorem ipsum dolor\n")],
  "one endless word": ["report-unknown", /^a:1: /u, () => fill("x")],
  "nothing but remarks": ["report-empty", /^a: /u, () => fill("# x\n")],
  "a remark that is endless": ["report-empty", /^a: /u, () => fill("# ")],
  "a bomb of entities": ["report-entities", /^a:\d+: /u, () => bomb(`<!ENTITY a "a">${nested}`)],
  "an entity that is a file": [
    "report-entities",
    /^a:\d+: /u,
    () => bomb('<!ENTITY b SYSTEM "file:///etc/passwd">'),
  ],
  "a parameter entity": ["report-entities", /^a:\d+: /u, () => bomb('<!ENTITY % b "x"> %b;')],
  "an entity that nobody declared": [
    "report-bad-xml",
    /^a:1: .*entity/u,
    () => "<testsuite>&b;</testsuite>",
  ],
  "deep XML": ["report-too-deep", /^a:1: /u, () => fill("<testsuite>")],
  "deep lists": ["report-too-deep", /^a:1: /u, () => fill("[")],
  "deep objects": ["report-too-deep", /^a:1: /u, () => fill('{"a":')],
  "a wide list": ["report-too-many", /^a: /u, () => `[${fill("[],")}[]]`],
  "100,001 findings": [
    "report-too-many",
    /^a Results\[0\]\.Vulnerabilities\[100000\]: /u,
    () =>
      `{"Results":[{"Target":"a","Vulnerabilities":[` +
      `${many(100_001, '{"VulnerabilityID":"C"}')}]}]}`,
  ],
  "a million findings that are none": [
    "report-bad-shape",
    /^a Results\[0\]\.Vulnerabilities\[0\]: /u,
    () => `{"Results":[{"Target":"a","Vulnerabilities":[${many(1_000_000, "7")}]}]}`,
  ],
  "100,001 test cases": [
    "report-too-many",
    /^a:1: /u,
    () => `<testsuite>${'<testcase name="a"/>'.repeat(100_001)}</testsuite>`,
  ],
  "100,001 files": ["report-too-many", /^a:\d+: /u, () => "SF:a\nend_of_record\n".repeat(100_001)],
  "many values": [
    "report-too-many",
    /^a a1000: /u,
    () => `{${Array.from({ length: 100_000 }, (_, at) => `"a${at}":1`).join(",")}}`,
  ],
  "a string of backslashes": ["report-truncated", /^a:1: /u, () => `["${fill("\\\\")}`],
  "a string without an end": ["report-truncated", /^a:2: /u, () => '{\n"a'],
  "JSON that is none": ["report-bad-json", /^a:2: /u, () => '{\n"a": nope }'],
  "a trailing comma": ["report-bad-json", /^a:3: /u, () => '{\n"a": [1,\n]}'],
  "crossed brackets": ["report-bad-json", /^a:2: /u, () => '{"a": [\n}]'],
  "a key without quotes": ["report-bad-json", /^a:2: /u, () => "{\na: 1}"],
  "a string across lines": ["report-bad-json", /^a:1: /u, () => '{"a": "b\nc"}'],
  "two documents in one file": ["report-bad-json", /^a:2: /u, () => '{"a": 1}\n{"b": 2}'],
  "an XML page": ["report-unknown", /^a:1: .*html/u, () => "<html><body/></html>"],
  "XML in another namespace": ["report-unknown", /^a:1: /u, () => "<x:testsuite/>"],
  "two roots": ["report-bad-xml", /^a:1: /u, () => "<testsuite/><testsuite/>"],
  "crossed elements": ["report-bad-xml", /^a:2: /u, () => "<testsuite>\n<a><b></a></b>"],
  "a null character": ["report-bad-xml", /^a:1: /u, () => "<testsuite>\u0000</testsuite>"],
  "another tool's JSON": ["report-unknown", /^a: /u, () => '{"results":[],"errors":[]}'],
  "JSON that is a list of nothing": ["report-unknown", /^a: /u, () => "[]"],
};

for (const [what, [code, where, text]] of Object.entries(table)) {
  test(`${what} is refused as ${code}`, () => {
    const bytes = new TextEncoder().encode(text());
    const begin = process.cpuUsage();
    const refusal = refusalOf(() => readReport({ name: "a", bytes }));
    const { user, system } = process.cpuUsage(begin);
    assert.equal(refusal.code, code, refusal.message);
    assert.match(refusal.message, where);
    assert.match(refusal.message, /expected .*, found/u);
    assert.ok(refusal.message.length < 1_000, `${refusal.message.length} characters`);
    assert.ok(user + system < DEADLINE_MS * 1_000, `${(user + system) / 1_000} ms`);
  });
}

const slow: Readonly<Record<string, () => string>> = {
  "a remark of dashes": () => `<testsuite><!--${"- ".repeat(2_000_000)}--></testsuite>`,
  "a text of brackets": () => `<testsuite><![CDATA[${fill("] ")}]]></testsuite>`,
  "an attribute of line ends": () => `<testsuite name="${fill("\n")}"/>`,
  "many attributes": () =>
    `<testsuite ${Array.from({ length: 200_000 }, (_, at) => `a${at}="b"`).join(" ")}/>`,
  "a million elements": () => `<testsuite>${"<a/>".repeat(1_000_000)}</testsuite>`,
  "a million entities": () => `<testsuite>${"&amp;".repeat(1_000_000)}</testsuite>`,
};

for (const [what, text] of Object.entries(slow)) {
  test(`${what} takes no longer than the rest, and is not a test that passed`, () => {
    const bytes = new TextEncoder().encode(text());
    const begin = process.cpuUsage();
    const evidence = readReport({ name: "a", bytes });
    const { user, system } = process.cpuUsage(begin);
    assert.equal(valuesOf(evidence)[0], "tests 0 percent");
    assert.ok(user + system < DEADLINE_MS * 1_000, `${(user + system) / 1_000} ms`);
  });
}

test("bytes that are not UTF-8 are refused with their line", () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, 0x3c, 0x00]);
  assert.equal(refusalOf(() => readReport({ name: "a", bytes: utf16 })).code, "report-not-utf8");
  const cut = new TextEncoder().encode("a: 1\nb: é").subarray(0, -1);
  const refusal = refusalOf(() => readReport({ name: "a", bytes: cut }));
  assert.match(refusal.message, /^a:2: expected text in UTF-8/u);
});

test("a file needs a name, and one that steers a terminal is cleaned", () => {
  const bytes = new TextEncoder().encode("a: 1");
  for (const name of ["", "folder/", " ", "\u0007"]) {
    assert.equal(refusalOf(() => readReport({ name, bytes })).code, "report-bad-name");
  }
  assert.equal(readReport({ name: "a\u001b[2Jb", bytes }).name, "a [2Jb");
  assert.ok(readReport({ name: "x".repeat(9_000), bytes }).name.length <= 200);
});

for (const name of ["integration-tests.xml", "cobertura.xml", "lcov.info", "trivy-image.json"]) {
  test(`${name} that was cut off anywhere never reads as the whole`, () => {
    const whole = sampleText(name).trimEnd();
    for (let length = 1; length < whole.length; length += 1) {
      const part = whole.slice(0, length);
      if (name === "lcov.info" && /end_of_record\s*$/u.test(part)) continue;
      refusalOf(() => readText(name, part));
    }
  });
}

test("a document type without declarations is none of our business", () => {
  const xml = '<!DOCTYPE coverage SYSTEM "http://example.com/a.dtd"><coverage line-rate="0.5"/>';
  assert.deepEqual(valuesOf(readText("a.xml", xml)), ["coverage 50 percent"]);
});

test("20 MB of JUnit are read in less than three seconds", () => {
  const cases = Array.from({ length: 90_000 }, (_, at) => {
    const text = `${at}`.padStart(60, "place ");
    const body = at % 10 === 0 ? `<failure message="no">at a.ts:${at}</failure>` : "<system-out/>";
    return `<testcase classname="com.example.Orders" name="${text}" time="1">${body}</testcase>\n`;
  }).join("");
  const log = "&lt;a line of the log&gt; that goes on for a while\n".repeat(130_000);
  const xml = `<testsuite name="a">${cases}<system-out>${log}</system-out></testsuite>`;
  const bytes = new TextEncoder().encode(xml);
  assert.ok(bytes.length > 19_000_000 && bytes.length <= LIMIT, `${bytes.length} bytes`);
  const begin = process.cpuUsage();
  const evidence = readReport({ name: "unit.xml", bytes });
  const { user, system } = process.cpuUsage(begin);
  const [rate, count] = valuesOf(evidence);
  assert.deepEqual([rate, count], ["unitTests 90 percent", "testCases 90000 count"]);
  assert.ok(user + system < 3_000_000, `${(user + system) / 1_000} ms`);
});

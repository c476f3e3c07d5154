// What is wrong with a definition, in the words that a person reads. The cases stand in
// mistakes.golden: definitions, and under them each refusal as `#> code where: message (hint)`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { linesOf, refusalOf } from "./refusals.testing.ts";

const golden = readFileSync(new URL("mistakes.golden", import.meta.url), "utf8");

for (const written of golden.split("#====\n")) {
  const lines = written.trimEnd().split("\n");
  const expected = lines.filter((line) => line.startsWith("#> ")).map((line) => line.slice(3));
  const text = lines.filter((line) => !line.startsWith("#> ")).join("\n");
  test(`is refused: ${expected[0]?.replace(/: .*/u, "")}`, () => {
    assert.ok(expected.length > 0);
    assert.deepEqual(linesOf(refusalOf(`${text}\n`)), expected);
  });
}

test("a mistake is told alike by the quick reader and by the whole one, with CRLF too", () => {
  const cases = golden.split("#====\n").map((text) => text.replaceAll(/^#> .*\n/gmu, ""));
  const down = (line: string): string =>
    line.replaceAll(/(a\.yaml:)(\d+)/gu, (_, file: string, at) => `${file}${Number(at) + 2}`);
  let compared = 0;
  for (const text of cases.filter((one) => !/^(?:%|---)/u.test(one))) {
    const quick = linesOf(refusalOf(text));
    assert.deepEqual(linesOf(refusalOf(`%YAML 1.2\n---\n${text}`)), quick.map(down), text);
    assert.deepEqual(linesOf(refusalOf(text.replaceAll("\n", "\r\n"))), quick, text);
    compared += 1;
  }
  assert.ok(compared > 120);
});

test("no more than fifty mistakes are told, and that there are more", () => {
  const when = Array.from({ length: 30 }, () => "errorRate").join(", ");
  const deploy = "deploy: [{ recreate: {} }]";
  const half = `kind: Playbook\nname: a\nrollback: { when: [${when}] }\n${deploy}\n`;
  const { bodies } = refusalOf(`${half}---\n${half}`);
  assert.equal(bodies.length, 51);
  assert.equal(bodies.at(-1)?.code, "too-many-mistakes");
});

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

test("no more than fifty mistakes are told, and that there are more", () => {
  const when = Array.from({ length: 30 }, () => "errorRate").join(", ");
  const deploy = "deploy: [{ recreate: {} }]";
  const half = `kind: Playbook\nname: a\nrollback: { when: [${when}] }\n${deploy}\n`;
  const { bodies } = refusalOf(`${half}---\n${half}`);
  assert.equal(bodies.length, 51);
  assert.equal(bodies.at(-1)?.code, "too-many-mistakes");
});

// Input that nobody writes by hand: too much, too deep, not text, not YAML. Each is refused in
// words, and in less than a second.

import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalOf } from "./refusals.testing.ts";
import { parseDefinitions } from "./parse.ts";

const MEBIBYTE = 1_048_576;
/** Processor time, so that a busy machine does not matter; 0.6 s at most was measured. */
const DEADLINE_MS = 1_000;
const HEAD = "kind: Playbook\nname: a\n";

const fill = (text: string): string => text.repeat(Math.floor((MEBIBYTE - 100) / text.length));

/** Nine lists of nine aliases each: 9^10 entries if it were expanded. */
const bomb = Array.from("bcdefghij", (letter, index) => {
  const before = "abcdefghi"[index] ?? "a";
  return `${letter}: &${letter} [${`*${before}, `.repeat(9)}x]\n`;
}).join("");

const keys = (indent: string): string =>
  Array.from({ length: 7_000 }, (_, index) => `${indent}k${index}: 1\n`).join("");

const chain = (length: number): string =>
  Array.from({ length }, (_, i) => `kind: Playbook\nname: p${i}\nextends: p${i + 1}\n`).join(
    "---\n",
  );

const overlays = (count: number): string =>
  Array.from({ length: count }, (_, i) => {
    const playbook = `kind: Playbook\nname: p${i}\ndeploy: [{ recreate: {} }]\n---\n`;
    const overlay = `kind: Overlay\nname: o${i}\nfor: { environment: e }\n`;
    return `${playbook}${overlay}set: { recreate: { stability: 1m } }\n---\n`;
  }).join("") +
  "kind: Environment\nname: e\ntier: staging\ntakes: { from: release, how: manual }\n---\n" +
  "kind: Service\nname: s\nrun: { command: [a], readiness: { path: / } }\nenvironments:\n" +
  '  e: { playbook: p0, listen: "127.0.0.1:1" }\n';

const rules = (rule: string): string => {
  const item = `  - rule: { start: 2026-01-01T00:00, rrule: ${rule}, for: 1h }\n`;
  return `kind: Calendar\nname: a\nzone: UTC\nallow:\n${item.repeat(900)}`;
};

const table: Readonly<Record<string, readonly [code: string, text: string]>> = {
  "10 MB of nonsense": ["file-too-large", "nonsense ".repeat(1_200_000)],
  "a megabyte of words": ["not-a-definition", fill("lorem ipsum dolor\n")],
  "a megabyte of one letter": ["not-a-definition", fill("x")],
  "a bomb of aliases": ["too-many-aliases", `${HEAD}a: &a [x]\n${bomb}`],
  "an alias within its own anchor": ["unknown-key", `${HEAD}deploy: []\nx: &x [*x]`],
  "an alias before its anchor": ["bad-yaml", `${HEAD}deploy: *nowhere`],
  "a megabyte of aliases": ["too-long", `a: &a 1\nb: [${fill("*a, ")}]`],
  "deep lists on one line": ["too-deep", fill("[")],
  "deep maps on one line": ["too-deep", fill("{a: ")],
  "deep lists by dashes": ["too-deep", fill("- ")],
  "deep maps by indentation": [
    "too-deep",
    Array.from({ length: 99 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
  ],
  "explicit keys": ["too-deep", fill("? ")],
  "a megabyte of commas": ["too-long", `[${fill(",")}]`],
  "a megabyte of numbers": ["too-long", `a: [${fill("1,")}]`],
  "a megabyte of keys": ["too-long", HEAD + fill("a: 1\n")],
  "a megabyte of unclosed quotes": ["bad-yaml", `"${fill("a\n")}`],
  "a megabyte of quotes": ["too-long", fill('"')],
  "a megabyte of comments": ["too-long", fill("#\n")],
  "a megabyte of line ends": ["too-long", fill("\n")],
  "a megabyte of anchors": ["too-long", fill("&a ")],
  "a megabyte of tags": ["too-long", fill("!a ")],
  "a megabyte of directives": ["too-long", fill("%YAML 1.2\n")],
  "too many documents": ["too-many-documents", fill("---\n")],
  "7000 unknown keys": ["missing-key", HEAD + keys("")],
  "7000 variables": ["wrong-type", `kind: Service\nname: a\nrun:\n  env:\n${keys("    ")}`],
  "9000 mistakes in a list": ["wrong-length", `${HEAD}deploy:\n${"  - x\n".repeat(9_000)}`],
  tabs: ["bad-yaml", `${HEAD}deploy:\n\t- recreate: {}\n`],
  "only tabs": ["empty-file", "\t\t\t"],
  nothing: ["empty-file", ""],
  "only comments": ["empty-file", "# kind: Playbook\n"],
  "a NUL byte": ["not-text", `${HEAD}\0`],
  "an executable": ["not-text", "\x7fELF\x02\x01\x01\0\0"],
  "bytes that were not UTF-8": ["not-text", `${HEAD}# \uFFFD\uFFFD`],
  "a byte order mark in the middle": ["unknown-key", `${HEAD}\uFEFFdeploy: []`],
  "no kind": ["missing-kind", "name: a\n"],
  "a list": ["not-a-definition", "- kind: Playbook\n"],
  "a kind that is a map": ["unknown-kind", "kind: { a: b }\n"],
  "YAML 1.1": ["bad-yaml", `%YAML 1.1\n---\n${HEAD}deploy: [{ recreate: {} }]`],
  "a tag": ["yaml-tag", `${HEAD}deploy: !!set { recreate }`],
  "binary data": ["yaml-tag", `${HEAD}notify: !!binary aGVsbG8=\ndeploy: [{ recreate: {} }]`],
  "a prototype": [
    "unknown-key",
    `${HEAD}__proto__: { a: 1 }\nconstructor: 1\ndeploy: [{ recreate: {} }]`,
  ],
  "a prototype in changes": [
    "unknown-key",
    `${HEAD}deploy: [{ recreate: {} }]\n---\nkind: Playbook\nname: b\nextends: a\n` +
      "set: { __proto__: { a: 1 }, constructor: { b: 1 } }",
  ],
  "a prototype as base": ["unknown-playbook", `${HEAD}extends: __proto__`],
  "400 playbooks that extend each other": ["too-many-layers", chain(400)],
  "400 playbooks in a circle": ["too-many-layers", `${chain(400)}extends: p0\n`],
  "200 overlays on 200 playbooks": ["too-many-overlays", overlays(200)],
  "900 rules that are none": ["bad-rule", rules('"FREQ=DAILY;BYDAY=1XX"')],
  "a calendar with 900 rules of the dearest kind, and no zone": [
    "unknown-zone",
    rules('"FREQ=YEARLY;BYDAY=1MO,-1FR;BYSETPOS=-1;COUNT=9"').replace("UTC", "EST"),
  ],
  "7000 values of evidence": ["wrong-length", `${HEAD}before:\n  - evidence:\n${keys("      ")}`],
  "an item of a megabyte": ["bad-text", `kind: Checklist\nname: a\nitems: [${fill("x ")}]`],
  "a megabyte of spaces": ["unknown-kind", `kind: x${fill(" ")}y`],
  "a prototype as environment": [
    "missing-key",
    "kind: Service\nname: a\nenvironments: { __proto__: {} }\n",
  ],
  "not a number": ["odd-number", `${HEAD}analysis: { minRequests: .nan }`],
};

for (const [name, [code, text]] of Object.entries(table)) {
  test(`${name}: ${code}`, () => {
    const begin = process.cpuUsage();
    const refusal = refusalOf(text);
    const { user } = process.cpuUsage(begin);
    const tookMs = user / 1_000;
    const codes = refusal.bodies.map((body) => body.code);
    assert.ok(codes.includes(code), refusal.message.slice(0, 500));
    assert.ok(
      refusal.bodies.every(
        (body) => body.where?.startsWith("a.yaml") === true || body.code === "too-many-mistakes",
      ),
    );
    assert.ok(refusal.message.length < 20_000, `${refusal.message.length} characters`);
    assert.ok(tookMs < DEADLINE_MS, `${Math.round(tookMs)} ms`);
  });
}

test("a prototype in a definition changes no prototype", () => {
  refusalOf(`${HEAD}__proto__: { polluted: true }`);
  assert.equal(({} as Readonly<Record<string, unknown>>)["polluted"], undefined);
});

test("many files of nonsense are given up early", () => {
  const begin = process.cpuUsage();
  const files = Array.from({ length: 100 }, (_, index) => ({
    path: `${index}.yaml`,
    text: fill("a: 1\n"),
  }));
  assert.throws(() => parseDefinitions(files), /too-long|expected at most/u);
  assert.ok(process.cpuUsage(begin).user < 15_000_000);
});

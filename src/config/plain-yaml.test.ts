// The quick reader against the whole one: whatever it reads, the library reads the same, without a
// fault and without anything that definitions refuse. And it does read how definitions are written.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { plainDocuments } from "./plain-yaml.ts";
import { fullStarter } from "./starter.testing.ts";
import { findTraps } from "./traps.ts";

const STARTER = fullStarter().map((file) => file.text);

/** Null: it does not read this text. */
const readAlike = (text: string): number | null => {
  const plain = plainDocuments(text);
  if (plain === null) return null;
  const documents = parseAllDocuments(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: false,
    logLevel: "silent",
  });
  if (!Array.isArray(documents)) return assert.fail("no documents");
  const whole = documents.filter((document) => document.toJS() !== null);
  for (const document of whole) {
    assert.deepEqual([...document.errors, ...document.warnings], [], text);
    const traps = findTraps(document.contents, 10).filter(({ code }) => code !== "unknown-zone");
    assert.deepEqual(traps, [], text);
  }
  assert.deepEqual(
    plain.map(({ value }) => value),
    whole.map((document) => document.toJS() as unknown),
    text,
  );
  plain.forEach(({ from, to, linesBefore }, index) => {
    assert.equal(text.slice(0, from).split("\n").length - 1, linesBefore);
    const [part] = parseAllDocuments(text.slice(from, to), { version: "1.2" });
    assert.deepEqual(part?.toJS(), whole[index]?.toJS(), text);
  });
  return plain.length;
};

test("the starter set is read quickly, as the library reads it", () => {
  for (const text of STARTER) assert.ok((readAlike(text) ?? 0) > 0, text);
});

test("what definitions are made of is read quickly", () => {
  const texts = [
    "a: 1\n",
    "a:\n- b\n- c: d\n  e: f\n-\n  - g\n",
    "a:\n  - - b\n    - c\n  -   d: 1\n      e: 2\n",
    'a: { b: [1, 5%, 28..3, x], c: {}, d: [], e: "x: y" }\n',
    "a: { b: 1,\n  c: [d,\n    e] }\nf: g\n",
    "a:\n  { b: 1 }\n",
    "a: 'it''s' # why\nb: \"\\u0041\\n\"\nc:\nd: ~\ne: null\nf: true\n",
    "# head\n---\na: http://x:80/y#z\n--- # next\n\nb: -1.5\n",
    "a: [errorRate > 1% for 5m, p95 > 2x baseline]\n",
    'cron: { at: "0 10 * * 2,4", for: 2h }\n',
    "start: 2026-01-06T10:00\n",
    "url: https://hooks.example.com/deploys",
  ];
  for (const text of texts) assert.notEqual(readAlike(text), null, text);
});

test("what is more than plain is left to the whole reader", () => {
  const texts = [
    "a: &x 1\n",
    "a: *x\n",
    "a: !!str x\n",
    "a: |\n  text\n",
    "a: b\n  c\n",
    "a: 1\na: 2\n",
    "a: 010\n",
    "a: 1e3\n",
    "1: a\n",
    "true: a\n",
    "__proto__: 1\n",
    "'a': 1\n",
    "? a\n: b\n",
    "a:\tb\n",
    "%YAML 1.2\n---\na: 1\n",
    "--- a\n",
    "a: 1\n...\n",
    "- a\n",
    "a: [b: c]\n",
    "a: {b}\n",
    "a: [1,\n2]\n",
    'a: "b\n  c"\n',
    "  a: 1\n",
    "a:\n   b: 1\n  c: 2\n",
  ];
  for (const text of texts) assert.equal(plainDocuments(text), null, text);
});

const PIECES = [
  "a",
  "b: ",
  "key:",
  ":",
  ": ",
  " ",
  "  ",
  "\n",
  "\n  ",
  "\n    ",
  "\n- ",
  "\n  - ",
  "- ",
  "-",
  "---\n",
  "\n---\n",
  "...",
  "{",
  "}",
  "[",
  "]",
  ",",
  ", ",
  "{ a: 1 }",
  "[x, y]",
  "'",
  '"',
  '"q"',
  "'s'",
  "\\n",
  "#",
  " # c",
  "?",
  "? ",
  "&x",
  "*x",
  "!",
  "|",
  ">",
  "%",
  "~",
  "null",
  "True",
  "0",
  "-1",
  "+1",
  "1.5",
  "1.",
  ".5",
  "1e9",
  "0x1",
  "0o7",
  ".inf",
  "5%",
  "28..3",
  "10:00",
  "<<: ",
  "é",
  "\u00a0",
  "\u2028",
] as const;

test("pieces of YAML in any order are read as the library reads them, or not at all", () => {
  const text = fc
    .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 14 })
    .map((pieces) => `k: ${pieces.join("")}`);
  fc.assert(
    fc.property(text, (written) => {
      readAlike(written);
    }),
    { numRuns: 5_000 },
  );
});

test("values within maps, lists and brackets are read as the library reads them", () => {
  const word = fc.constantFrom(...PIECES, "x y", "x#y", "x:y", "http://x", "-x", "?x", ":x", "a,b");
  const shape = fc.constantFrom(
    (v: string) => `a: ${v}\nb: 1\n`,
    (v: string) => `a:\n  - ${v}\n  - 1\n`,
    (v: string) => `a:\n- ${v}\nb: 1\n`,
    (v: string) => `a: [1, ${v}, 2]\n`,
    (v: string) => `a: {b: ${v}, c: 1}\n`,
    (v: string) => `a: { b: [${v}] }\n`,
    (v: string) => `a:\n  b: ${v}\n  c:\n    - d: ${v}\n      e: ${v}\n`,
    (v: string) => `a: {b: 1,\n ${v}: 2}\n`,
    (v: string) => `${v}: 1\n`,
  );
  const value = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(""));
  fc.assert(
    fc.property(shape, value, (shaped, written) => {
      readAlike(shaped(written));
    }),
    { numRuns: 5_000 },
  );
});

test("a good set with a piece put in is read as the library reads it, or not at all", () => {
  const text = STARTER.join("---\n");
  fc.assert(
    fc.property(
      fc.nat({ max: text.length }),
      fc.nat({ max: 12 }),
      fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 6 })),
      (at, length, piece) => {
        readAlike(text.slice(0, at) + piece + text.slice(at + length));
      },
    ),
    { numRuns: 600 },
  );
});

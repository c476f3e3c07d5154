// Whatever the text, parsing ends in definitions or in a Refusal: mutations of a good set, pieces
// of YAML in any order, and any text at all.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Refusal } from "../core/refusal.ts";
import { parseDefinitions } from "./parse.ts";
import { fullStarter } from "./starter.testing.ts";

const STARTER = fullStarter()
  .map((file) => file.text)
  .join("---\n");
const LINES = STARTER.split("\n");
/** Processor time. */
const DEADLINE_MS = 1_000;

const endsWell = (text: string): void => {
  const begin = process.cpuUsage();
  try {
    const lists = Object.values(parseDefinitions([{ path: "a.yaml", text }]));
    assert.ok(lists.some((list) => list.length > 0));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    assert.ok(error.bodies.length <= 51);
    for (const body of error.bodies) {
      assert.match(body.code, /^[a-z]+(?:-[a-z0-9]+)*$/u);
      assert.ok(body.message.length > 0 && !/undefined|\[object/u.test(body.message), body.message);
    }
  }
  assert.ok(process.cpuUsage(begin).user < DEADLINE_MS * 1_000);
};

const piece = fc.constantFrom(
  "kind: ",
  "Playbook",
  "Service",
  "Calendar",
  "Checklist",
  "extends: a",
  "set: ",
  "28..3",
  "name",
  "a",
  ":",
  ": ",
  "\n",
  "\n  ",
  "- ",
  "---\n",
  "{",
  "}",
  "[",
  "]",
  ", ",
  "&x ",
  "*x",
  "!!str ",
  "| ",
  "> ",
  "'",
  '"',
  "#",
  "%",
  "?",
  "~",
  "null",
  "1e9",
  "0x1",
  ".inf",
  "5%",
  "15m",
  "deploy",
  "canary",
  "steps",
  "stability",
  "when",
  "env",
  "zone",
  "EST",
  "<<",
  "__proto__",
  "\t",
  "\r",
  "\0",
  "é",
);

test("pieces of YAML in any order end well", () => {
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));
  fc.assert(fc.property(text, endsWell), { numRuns: 1_000 });
});

test("any text ends well", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), endsWell), { numRuns: 200 });
});

test("a good set with a line lost, doubled, moved or put elsewhere ends well", () => {
  const line = fc.nat({ max: LINES.length - 1 });
  const change = fc.record({
    kind: fc.constantFrom("drop", "double", "indent", "outdent", "swap"),
    line,
    other: line,
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const lines = [...LINES];
      for (const { kind, line, other } of changes) {
        const text = lines[line] ?? "";
        if (kind === "drop") lines.splice(line, 1);
        if (kind === "double") lines.splice(line, 0, text);
        if (kind === "indent") lines[line] = `  ${text}`;
        if (kind === "outdent") lines[line] = text.replace(/^ {2}/u, "");
        if (kind === "swap") [lines[line], lines[other]] = [lines[other] ?? "", text];
      }
      endsWell(lines.join("\n"));
    }),
    { numRuns: 200 },
  );
});

test("a good set with a piece put in or a value replaced ends well", () => {
  const at = fc.nat({ max: STARTER.length });
  fc.assert(
    fc.property(
      at,
      fc.nat({ max: 12 }),
      fc.oneof(piece, fc.string({ maxLength: 10 })),
      (place, length, text) => {
        endsWell(STARTER.slice(0, place) + text + STARTER.slice(place + length));
      },
    ),
    { numRuns: 200 },
  );
});

test("a good set with any value in place of one of its own ends well", () => {
  const value = fc.oneof(
    fc.constantFrom(
      "~",
      "[]",
      "{}",
      "[[]]",
      "{ a: { b: c } }",
      "true",
      "-1",
      "1.5",
      "''",
      '"\\0"',
      ".nan",
      "!!int 3",
      "*x",
    ),
    fc.json({ maxDepth: 2 }),
  );
  const values = [...STARTER.matchAll(/^ *(?:- )?[a-zA-Z]+: ([^#\n]+)/gmu)];
  fc.assert(
    fc.property(fc.nat({ max: values.length - 1 }), value, (index, text) => {
      const match = values[index];
      const found = match?.[1] ?? "";
      const from = (match?.index ?? 0) + (match?.[0].length ?? 0) - found.length;
      endsWell(
        `${STARTER.slice(0, from)}${text.slice(0, 500)}\n${STARTER.slice(from + found.length)}`,
      );
    }),
    { numRuns: 200 },
  );
});

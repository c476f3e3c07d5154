// Deadlines as people write them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findingDeadlines, inverted, parseDeadline } from "./finding-deadlines.ts";

test("a deadline is a time, or the next release", () => {
  const table: readonly (readonly [text: string, deadline: unknown])[] = [
    ["24h", 86_400_000],
    ["7d", 7 * 86_400_000],
    ["1d 12h", 129_600_000],
    ["next release", "nextRelease"],
    ["next-release", "nextRelease"],
    [" Next Release ", "nextRelease"],
  ];
  for (const [text, value] of table) assert.deepEqual(parseDeadline(text), { kind: "ok", value });
});

test("anything else says what to write", () => {
  const table: readonly (readonly [text: string, says: RegExp])[] = [
    ["next release cycle", /write next release, or a time like 90d/u],
    ["2 releases", /write next release/u],
    ["24", /without a unit.*write 24s, 24m or 24h/u],
    ["soon", /expected a duration/u],
    ["", /expected a duration/u],
    ["0", /none may be open.*criticalVulnerabilities: 0/u],
    ["0h", /none may be open/u],
    ["400d", /longer than a year/u],
    ["-1d", /expected a duration/u],
  ];
  for (const [text, says] of table) {
    const parsed = parseDeadline(text);
    if (parsed.kind === "ok") assert.fail(`${text} was accepted`);
    assert.match(`${parsed.message} ${parsed.hint}`, says, text);
  }
});

test("who gives what is graver more time has mixed them up", () => {
  assert.equal(inverted({ critical: 7, medium: 30, high: 8, low: "nextRelease" }), null);
  assert.equal(inverted({ critical: 7, low: 3 }), "critical findings have more time than low ones");
  assert.equal(inverted({ high: 7, medium: "nextRelease" }), null);
});

test("the text for people has the severities in their order", () => {
  assert.equal(
    findingDeadlines({ low: "nextRelease", critical: 86_400_000 }).text,
    "findings fixed within 1d (critical), by the next release (low)",
  );
});

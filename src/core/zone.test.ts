// Which time zones are taken, and what is offered for the others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseZone } from "./zone.ts";

const KNOWN = ["America/New_York", "Europe/Berlin", "Asia/Kolkata"];

test("IANA names, UTC and fixed distances from it are taken", () => {
  const table: readonly (readonly [string, string])[] = [
    ["America/New_York", "America/New_York"],
    ["UTC", "UTC"],
    ["UTC-5", "-05:00"],
    ["UTC+5:30", "+05:30"],
    ["UTC+14", "+14:00"],
  ];
  for (const [text, zone] of table) {
    assert.deepEqual(parseZone(text, KNOWN), { kind: "ok", value: zone });
  }
});

test("EST is refused, and a zone and a fixed distance are offered", () => {
  const parsed = parseZone("EST", KNOWN);
  assert.equal(parsed.kind, "error");
  assert.match(parsed.kind === "error" ? parsed.hint : "", /America\/New_York, or UTC-5/u);
  for (const text of ["est", "CET", "PST8PDT", "GMT"]) {
    assert.equal(parseZone(text, KNOWN).kind, "error", text);
  }
});

test("a mistyped zone gets its neighbour, anything else an example", () => {
  const hintOf = (text: string): string => {
    const parsed = parseZone(text, KNOWN);
    return parsed.kind === "error" ? parsed.hint : assert.fail(`${text} was taken`);
  };
  assert.match(hintOf("america/new_york"), /did you mean America\/New_York\?/u);
  assert.match(hintOf("Europe/Berlín"), /did you mean Europe\/Berlin\?/u);
  for (const text of ["", "UTC+15", "UTC-5:75", "Mars/Olympus", "constructor", "x".repeat(999)]) {
    assert.match(hintOf(text), /write it like/u);
  }
});

// Durations, shares and sizes: what is read, what is refused in which words, and back again.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatDuration,
  formatMeasure,
  formatPermille,
  parseBytes,
  parseDuration,
  parsePercent,
  parsePermille,
  type Parsed,
} from "./units.ts";

const valueOf = <T>(parsed: Parsed<T>): T => {
  assert.equal(parsed.kind, "ok", JSON.stringify(parsed));
  return parsed.kind === "ok" ? parsed.value : assert.fail();
};

const saysOf = (parsed: Parsed<unknown>): string =>
  parsed.kind === "error" ? `${parsed.message} (${parsed.hint})` : assert.fail("it was accepted");

test("durations are read in every form", () => {
  const table: readonly (readonly [string, number])[] = [
    ["0", 0],
    ["0s", 0],
    ["500ms", 500],
    ["1.5s", 1_500],
    ["1.1s", 1_100],
    ["90s", 90_000],
    ["15m", 900_000],
    [" 15 m ", 900_000],
    ["1h30m", 5_400_000],
    ["1h 30m", 5_400_000],
    ["2d", 172_800_000],
    ["366d", 31_622_400_000],
  ];
  for (const [text, ms] of table) assert.equal(valueOf(parseDuration(text)), ms, text);
});

test("wrong durations say what to write", () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ["15", /the number 15 without a unit \(write 15s, 15m or 15h\)/u],
    ["15min", /unknown unit "min".*\(write 15m\)/u],
    ["10 seconds", /\(write 10s\)/u],
    ["2hours", /\(write 2h\)/u],
    ["5M", /\(write 5m\)/u],
    ["100msec", /\(write 100ms\)/u],
    ["3w", /units are ms, s, m, h and d/u],
    ["30m1h", /largest first/u],
    ["1h1h", /each unit once/u],
    ["0.5ms", /not a whole number of milliseconds/u],
    ["367d", /longer than a year/u],
    ["", /expected a duration, found ""/u],
    ["-5m", /expected a duration/u],
    ["5:30", /expected a duration/u],
    ["1e3s", /expected a duration|unknown unit/u],
    ["x".repeat(10_000), /…/u],
  ];
  for (const [text, says] of table) assert.match(saysOf(parseDuration(text)), says);
});

test("a duration that is printed is read back the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 31_622_400_000 }), (ms) => {
      assert.equal(valueOf(parseDuration(formatDuration(ms))), ms);
    }),
  );
  assert.equal(formatDuration(5_400_000), "1h 30m");
  assert.equal(formatDuration(300_000), "5m");
  assert.equal(formatDuration(0), "0s");
});

test("shares are read to a tenth of a percent", () => {
  assert.equal(valueOf(parsePermille("5%")), 50);
  assert.equal(valueOf(parsePermille("0.5 %")), 5);
  assert.equal(valueOf(parsePermille("33.3%")), 333);
  assert.equal(valueOf(parsePermille("100%")), 1000);
  assert.equal(valueOf(parsePercent("0.01%")), 0.01);
  assert.equal(formatPermille(25), "2.5 %");
  assert.match(saysOf(parsePermille("0.05%")), /steps of 0\.1%/u);
  assert.match(saysOf(parsePermille("25")), /\(write 25%\)/u);
  assert.match(saysOf(parsePermille("120%")), /at most 100%/u);
  assert.match(saysOf(parsePermille("-5%")), /expected a percentage/u);
});

test("sizes are read with binary and decimal units", () => {
  assert.equal(valueOf(parseBytes("512Mi")), 536_870_912);
  assert.equal(valueOf(parseBytes("1.5Gi")), 1_610_612_736);
  assert.equal(valueOf(parseBytes("64k")), 64_000);
  assert.equal(valueOf(parseBytes("100B")), 100);
  assert.match(saysOf(parseBytes("512MB")), /\(write 512Mi\)/u);
  assert.match(saysOf(parseBytes("512m")), /\(write 512Mi\)/u);
  assert.match(saysOf(parseBytes("512")), /without a unit \(write 512Mi or 512B\)/u);
  assert.match(saysOf(parseBytes("9999999Ti")), /more than any machine/u);
  assert.match(saysOf(parseBytes("0.3B")), /not a whole number/u);
  assert.match(saysOf(parseBytes("1constructor")), /expected a size/u);
});

test("any text gives a value or an error, and no reader throws", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      for (const parse of [parseDuration, parsePercent, parsePermille, parseBytes]) {
        const parsed = parse(text);
        assert.ok(parsed.kind === "ok" ? parsed.value >= 0 : parsed.message.length > 0);
      }
    }),
  );
});

test("measured values are shown with their unit", () => {
  assert.equal(formatMeasure(4.8, "percent"), "4.8 %");
  assert.equal(formatMeasure(312.00004, "ms"), "312 ms");
  assert.equal(formatMeasure(12.5, "perSecond"), "12.5/s");
  assert.equal(formatMeasure(3, "count"), "3");
});

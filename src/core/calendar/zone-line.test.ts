// Local times that the clocks skip or show twice, and moments in between.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { at } from "./calendar.testing.ts";
import { readLocal } from "./civil.ts";
import { reachedBy, zoneLine } from "./zone-line.ts";

test("a skipped local time is the moment after the gap, a doubled one its first", () => {
  const table: readonly (readonly [zone: string, local: string, moment: string])[] = [
    ["America/New_York", "2026-03-08T01:59", "2026-03-08T06:59:00Z"],
    ["America/New_York", "2026-03-08T02:00", "2026-03-08T07:00:00Z"],
    ["America/New_York", "2026-03-08T02:30", "2026-03-08T07:00:00Z"],
    ["America/New_York", "2026-03-08T03:00", "2026-03-08T07:00:00Z"],
    ["America/New_York", "2026-03-08T03:30", "2026-03-08T07:30:00Z"],
    ["America/New_York", "2026-11-01T00:59", "2026-11-01T04:59:00Z"],
    ["America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"],
    ["America/New_York", "2026-11-01T02:00", "2026-11-01T07:00:00Z"],
    ["Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00:00Z"],
    ["Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z"],
    ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z"],
    ["Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00Z"],
    ["Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z"],
    ["Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30:00Z"],
    ["Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z"],
    ["Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30:00Z"],
    ["-05:00", "2026-03-08T02:30", "2026-03-08T07:30:00Z"],
    ["UTC", "2026-03-08T02:30", "2026-03-08T02:30:00Z"],
  ];
  for (const [zone, local, moment] of table) {
    const found = zoneLine(zone).momentOf(readLocal(local));
    assert.equal(found, at(moment), `${local} in ${zone}`);
  }
});

test("while an hour is repeated, all of it has been reached", () => {
  const line = zoneLine("America/New_York");
  const reached = (moment: string): number => reachedBy(line, at(moment));
  assert.equal(reached("2026-11-01T05:30:00Z"), readLocal("2026-11-01T01:30"));
  assert.equal(reached("2026-11-01T06:00:00Z"), readLocal("2026-11-01T02:00") - 1);
  assert.equal(reached("2026-11-01T06:59:00Z"), readLocal("2026-11-01T02:00") - 1);
  assert.equal(reached("2026-11-01T07:00:00Z"), readLocal("2026-11-01T02:00"));
  assert.equal(reached("2026-03-08T07:00:00Z"), readLocal("2026-03-08T03:00"));
});

const zone = fc.constantFrom(
  "America/New_York",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "America/Havana",
  "Asia/Kathmandu",
  "+05:30",
);
const moment = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });

test("whatever was asked before, a moment's local time leads back to it or to its first", () => {
  fc.assert(
    fc.property(zone, fc.array(moment, { minLength: 1, maxLength: 20 }), (name, moments) => {
      const line = zoneLine(name);
      for (const one of moments) {
        const local = one + line.pieceAt(one).offsetMs;
        const zoned = Temporal.Instant.fromEpochMilliseconds(one).toZonedDateTimeISO(name);
        const first = zoned.toPlainDateTime().toZonedDateTime(name, { disambiguation: "earlier" });
        assert.equal(line.momentOf(local), first.epochMilliseconds);
      }
    }),
  );
});

test("later local times are never earlier moments", () => {
  fc.assert(
    fc.property(zone, moment, fc.nat(200_000_000), (name, local, more) => {
      const line = zoneLine(name);
      assert.ok(line.momentOf(local) <= line.momentOf(local + more));
    }),
  );
});

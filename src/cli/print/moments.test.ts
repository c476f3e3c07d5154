// Moments told twice: the clock of the place, and UTC, never one of them alone where they differ.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalMoment } from "../../api/contract/local-moment.ts";
import { bothClocks, distance, momentText, utc } from "./moments.ts";

const at = (text: string, local: string): LocalMoment => ({
  at: Date.parse(text) as LocalMoment["at"],
  local,
});
const TEN = at("2026-11-24T15:00:00Z", "Tue 2026-11-24 10:00 -05:00");

test("seconds are told only where there are some", () => {
  assert.equal(utc(TEN.at), "2026-11-24 15:00Z");
  assert.equal(utc(TEN.at + 17_000), "2026-11-24 15:00:17Z");
});

test("both clocks are told, and one where they show the same", () => {
  assert.equal(bothClocks(TEN), "Tue 2026-11-24 10:00 -05:00 (2026-11-24 15:00Z)");
  assert.equal(
    bothClocks(at("2026-11-24T15:00:00Z", "Tue 2026-11-24 15:00 +00:00")),
    "Tue 2026-11-24 15:00Z",
  );
});

test("how far it is, before and behind", () => {
  assert.equal(distance(TEN.at, TEN.at), "now");
  assert.equal(distance(TEN.at, TEN.at - 90 * 60_000), "in 1 h 30 m");
  assert.equal(distance(TEN.at, TEN.at + 60_000), "1 m ago");
  assert.match(momentText(TEN, TEN.at - 60_000), /\(2026-11-24 15:00Z\), in 1 m$/);
});

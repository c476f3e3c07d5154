// Moments as people read them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at } from "./calendar.testing.ts";
import { localText } from "./local-text.ts";

test("weekday, date, time and the distance from UTC, which tells a repeated hour apart", () => {
  const table: readonly (readonly [moment: string, zone: string, text: string])[] = [
    ["2026-11-24T15:00:00Z", "America/New_York", "Tue 2026-11-24 10:00 -05:00"],
    ["2026-11-01T05:30:00Z", "America/New_York", "Sun 2026-11-01 01:30 -04:00"],
    ["2026-11-01T06:30:00Z", "America/New_York", "Sun 2026-11-01 01:30 -05:00"],
    ["2026-12-31T23:30:15Z", "Europe/Berlin", "Fri 2027-01-01 00:30:15 +01:00"],
    ["2026-10-03T15:30:00Z", "Australia/Lord_Howe", "Sun 2026-10-04 02:30 +11:00"],
    ["2028-02-29T12:00:00.900Z", "UTC", "Tue 2028-02-29 12:00 +00:00"],
    ["2026-11-24T15:00:00Z", "-05:00", "Tue 2026-11-24 10:00 -05:00"],
  ];
  for (const [moment, zone, text] of table) assert.equal(localText(at(moment), zone), text);
});

// Days of a rollout on the calendar: across both changes of the clocks, month ends and slips.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instant } from "../ids.ts";
import type { EnvironmentName, Instant } from "../ids.ts";
import { periodOf } from "./phase-period.ts";
import type { PhaseDays } from "./phase-class.ts";
import type { Phase, Rollout } from "./rollout.ts";

const moment = (text: string): Instant => instant(Temporal.Instant.from(text).epochMilliseconds);
const text = (at: Instant): string => Temporal.Instant.fromEpochMilliseconds(at).toString();

const phase = (name: string, days: PhaseDays): Phase => ({
  environment: name as EnvironmentName,
  days,
  late: "go",
  calendar: null,
  approval: null,
  deploy: [],
  inform: [],
  type: "application",
  risk: "low",
  downtime: "none",
  rollback: "moderate",
});

const DEV = phase("dev", { first: 1, last: 1 });
const STAGING = phase("staging", { first: 2, last: 2 });
const PROD = phase("prod", { first: 3, last: 4 });

const rollout = (zone: string): Rollout => ({
  name: "three-days",
  zone,
  phases: [DEV, STAGING, PROD],
});

const verified = (name: string, at: string) => ({
  environment: name as EnvironmentName,
  at: moment(at),
});

type Row = readonly [
  name: string,
  zone: string,
  dev: string,
  staging: string,
  opens: string,
  closes: string,
];

/** Production, days 3 and 4. */
const TABLE: readonly Row[] = [
  [
    "as planned",
    "UTC",
    "2026-11-23T08:00:00Z",
    "2026-11-24T17:00:00Z",
    "2026-11-25T00:00:00Z",
    "2026-11-27T00:00:00Z",
  ],
  [
    "after staging slipped by two days",
    "UTC",
    "2026-11-23T08:00:00Z",
    "2026-11-26T17:00:00Z",
    "2026-11-27T00:00:00Z",
    "2026-11-29T00:00:00Z",
  ],
  [
    "across a month's end in a leap year",
    "UTC",
    "2028-02-28T23:59:00Z",
    "2028-02-29T01:00:00Z",
    "2028-03-01T00:00:00Z",
    "2028-03-03T00:00:00Z",
  ],
  [
    "late in the evening in New York, which is the next day in UTC",
    "America/New_York",
    "2026-11-24T02:00:00Z",
    "2026-11-24T20:00:00Z",
    "2026-11-25T05:00:00Z",
    "2026-11-27T05:00:00Z",
  ],
  [
    "over the night in which New York's clocks go forward",
    "America/New_York",
    "2026-03-06T15:00:00Z",
    "2026-03-07T15:00:00Z",
    "2026-03-08T05:00:00Z",
    "2026-03-10T04:00:00Z",
  ],
  [
    "over the night in which Berlin's clocks go back",
    "Europe/Berlin",
    "2026-10-23T10:00:00Z",
    "2026-10-24T10:00:00Z",
    "2026-10-24T22:00:00Z",
    "2026-10-26T23:00:00Z",
  ],
  [
    "where midnight itself does not exist",
    "America/Asuncion",
    "2023-09-29T15:00:00Z",
    "2023-09-30T15:00:00Z",
    "2023-10-01T04:00:00Z",
    "2023-10-03T03:00:00Z",
  ],
];

for (const [name, zone, dev, staging, opens, closes] of TABLE) {
  test(`days 3 and 4 ${name}`, () => {
    const known = [verified("dev", dev), verified("staging", staging)];
    const period = periodOf(rollout(zone), PROD, STAGING, known);
    assert.deepEqual(period === null ? null : [text(period.opens), text(period.closes)], [
      opens,
      closes,
    ]);
  });
}

test("nobody knows the day before the phase before it, or the first, was verified", () => {
  const dev = verified("dev", "2026-11-23T08:00:00Z");
  const staging = verified("staging", "2026-11-24T08:00:00Z");
  assert.equal(periodOf(rollout("UTC"), PROD, STAGING, [dev]), null);
  assert.equal(periodOf(rollout("UTC"), PROD, STAGING, [staging]), null);
});

const hours = fc.integer({ min: 0, max: 24 * 400 }).map((n) => n * 3_600_000);
const START = moment("2026-01-01T00:00:00Z");

test("a phase never opens before its own day, nor before the days after the one before it", () => {
  const zones = fc.constantFrom("UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe");
  fc.assert(
    fc.property(zones, hours, hours, (zone, first, wait) => {
      const [dev, staging] = [START + first, START + first + wait];
      const period = periodOf(rollout(zone), PROD, STAGING, [
        { environment: DEV.environment, at: instant(dev) },
        { environment: STAGING.environment, at: instant(staging) },
      ]);
      const dayOf = (ms: number): Temporal.PlainDate =>
        Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();
      const opens = dayOf(period?.opens ?? assert.fail());
      assert.ok(dayOf(dev).until(opens).days >= 2);
      assert.ok(dayOf(staging).until(opens).days >= 1);
      assert.equal(dayOf((period?.opens ?? 0) - 1).until(opens).days, 1);
      assert.equal(opens.until(dayOf(period?.closes ?? 0)).days, 2);
    }),
    { numRuns: 300 },
  );
});

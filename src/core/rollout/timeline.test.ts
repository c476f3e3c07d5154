// How each phase of a release stands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../ids.ts";
import type { EnvironmentName, Instant, RunId } from "../ids.ts";
import type { EnvironmentDefinition } from "../playbook.ts";
import type { Phase, Rollout } from "./rollout.ts";
import { timelineOf } from "./timeline.ts";

const moment = (text: string): Instant => instant(Temporal.Instant.from(text).epochMilliseconds);

const NAMES = ["dev", "staging", "prod"] as EnvironmentName[];
const ROLLOUT: Rollout = {
  name: "three-days",
  zone: "UTC",
  phases: NAMES.map((environment, index): Phase => ({
    environment,
    days: { first: index + 1, last: index + 1 },
    late: "go",
    calendar: null,
    approval: null,
    deploy: [],
    inform: [],
    type: "application",
    risk: "low",
    downtime: "none",
    rollback: "moderate",
  })),
};

const environments = NAMES.map((name, index): EnvironmentDefinition => {
  const before = NAMES[index - 1];
  return {
    name,
    tier: "staging",
    takes: {
      from: before === undefined ? { kind: "release" } : { kind: "environment", name: before },
      how: "manual",
      approval: null,
      calendar: null,
      emergency: null,
    },
  };
});

type Row = readonly [
  name: string,
  verified: readonly string[],
  running: number | null,
  now: string,
  states: readonly string[],
];

const DAY_1 = "2026-11-23T08:00:00Z";
const TABLE: readonly Row[] = [
  ["a release that is new", [], null, "2026-11-23T07:00:00Z", ["open", "ahead", "ahead"]],
  ["under way on day 1", [], 0, "2026-11-23T07:00:00Z", ["underWay", "ahead", "ahead"]],
  ["later on day 1", [DAY_1], null, "2026-11-23T20:00:00Z", ["verified", "ahead", "ahead"]],
  ["waiting for day 2", [DAY_1], 1, "2026-11-23T20:00:00Z", ["verified", "ahead", "ahead"]],
  ["on day 2", [DAY_1], null, "2026-11-24T00:00:00Z", ["verified", "open", "ahead"]],
  ["under way on day 2", [DAY_1], 1, "2026-11-24T08:00:00Z", ["verified", "underWay", "ahead"]],
  ["after day 2", [DAY_1], null, "2026-11-25T00:00:00Z", ["verified", "late", "ahead"]],
  [
    "all the way",
    [DAY_1, "2026-11-24T08:00:00Z", "2026-11-25T08:00:00Z"],
    null,
    "2026-11-26T00:00:00Z",
    ["verified", "verified", "verified"],
  ],
];

for (const [name, verified, running, now, states] of TABLE) {
  test(`timeline: ${name}`, () => {
    const runs = NAMES.flatMap((environment, index) =>
      index === running ? [{ id: "r-1" as RunId, environment }] : [],
    );
    const phases = timelineOf({
      rollout: ROLLOUT,
      environments,
      verified: verified.map((at, index) => ({
        environment: NAMES[index] as EnvironmentName,
        at: moment(at),
      })),
      runs,
      now: moment(now),
    });
    assert.deepEqual(
      phases.map(({ state }) => state),
      states,
    );
  });
}

test("days that may still move are told as planned", () => {
  const dev = { environment: NAMES[0] as EnvironmentName, at: moment(DAY_1) };
  const given = { rollout: ROLLOUT, environments, runs: [], now: moment(DAY_1) };
  const [, staging, prod] = timelineOf({ ...given, verified: [dev] });
  assert.deepEqual([staging?.certain, prod?.certain], [true, false]);
  assert.equal(prod?.period?.opens, moment("2026-11-25T00:00:00Z"));
});

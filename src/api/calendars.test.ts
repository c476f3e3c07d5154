// Calendars over HTTP, and the answer to "may I deploy then, and if not, when": asked of admission
// itself, so its "not before" holds then and not a moment earlier.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Actor, Instant } from "../core/ids.ts";
import { instant, later } from "../core/ids.ts";
import type { Calendar } from "../core/calendar/calendar.ts";
import type { Definitions } from "../core/playbook.ts";
import type { Rollout } from "../core/rollout/rollout.ts";
import { calendarBriefs } from "./calendar-reading.ts";
import type { CalendarView, MayDeployView } from "./contract/calendars.ts";
import { mayDeploy } from "./may-deploy.ts";
import { sampleRun, sampleWorld } from "./sample-parts.testing.ts";
import { NOW, sampleDefinitions } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import { said } from "./sample-standing.testing.ts";

const HOUR = 3_600_000;
const lane = { service: sampleRun().service, environment: sampleRun().environment };
const utc = (...parts: [number, number, number, number]): Instant => instant(Date.UTC(...parts));

test("calendars are listed with whether they are open and who asks them", async () => {
  await using api = await sampleApi();
  const { json } = await api.send({ url: "/v1/calendars" });
  assert.deepEqual(json, {
    calendars: [
      {
        name: "release-days",
        zone: "America/New_York",
        open: false,
        until: { at: Date.UTC(2026, 10, 24, 15), local: "Tue 2026-11-24 10:00 -05:00" },
        askedBy: ["playbook web-canary"],
      },
    ],
  });
});

test("the next ten openings skip what is denied, each on its own clock", async () => {
  await using api = await sampleApi();
  const url = "/v1/calendars/release-days?from=2027-03-02T00:00:00Z";
  const { periods } = (await api.send({ url })).json as CalendarView;
  assert.equal(periods.length, 10);
  assert.deepEqual(
    periods.slice(0, 3).map((period) => period.from.local),
    ["Thu 2027-03-04 10:00 -05:00", "Tue 2027-03-09 10:00 -05:00", "Thu 2027-03-11 10:00 -05:00"],
  );
  assert.equal(periods[3]?.from.local, "Tue 2027-03-16 10:00 -04:00");
});

test("the feed is an iCalendar file", async () => {
  await using api = await sampleApi();
  const { headers, json } = await api.send({ url: "/v1/calendars/release-days/feed" });
  assert.equal(headers["content-type"], "text/calendar; charset=utf-8");
  assert.match(String(json), /^BEGIN:VCALENDAR\r\n/);
  assert.match(String(json), /END:VCALENDAR\r\n$/);
});

test("a calendar that is not there is told with the one that was meant", async () => {
  await using api = await sampleApi();
  for (const url of ["/v1/calendars/relase-days", "/v1/calendars/relase-days/feed"]) {
    const { status, problem } = await api.send({ url });
    assert.deepEqual(
      [status, problem.code, problem.errors[0]?.hint],
      [404, "unknown-calendar", "did you mean release-days?"],
    );
  }
  const wrong = await api.send({ url: "/v1/calendars/release-days?from=yesterday" });
  assert.equal(wrong.problem.errors[0]?.where, "query.from");
});

test("now it may not, by the window; at the opening it may", async () => {
  await using api = await sampleApi();
  const url = "/v1/lanes/hello/production/may-deploy";
  const now = (await api.send({ url })).json as MayDeployView;
  assert.deepEqual(
    [now.answer, now.rules.map(({ id, answer }) => `${id} ${answer}`)],
    ["wait", ["no-freeze allow", "window-release-days wait"]],
  );
  assert.deepEqual([now.next?.at, now.emergency], [Date.UTC(2026, 10, 24, 15), ["dave"]]);
  const then = await api.send({ url: `${url}?at=2026-11-24T10:00:00-05:00` });
  assert.equal((then.json as MayDeployView).answer, "allow");
  const nowhere = await api.send({ url: "/v1/lanes/hello/staging/may-deploy" });
  assert.equal(nowhere.problem.code, "unknown-environment");
});

test("a freeze without an end lets nobody say when", async () => {
  const world = sampleWorld();
  world.standing.push(said({ kind: "freeze", reason: "the big sale" }));
  const view = await mayDeploy(world.parts, lane, utc(2026, 10, 24, 15));
  assert.deepEqual([view.answer, view.next], ["wait", null]);
});

test("a freeze moves the next moment behind its end", async () => {
  const world = sampleWorld();
  const until = utc(2026, 10, 24, 16);
  world.standing.push(said({ kind: "freeze", reason: "sale" }, { by: "dave" as Actor, until }));
  assert.equal((await mayDeploy(world.parts, lane, NOW)).next?.at, until);
  world.standing.push(said({ kind: "freeze", reason: "more" }, { until: later(until, HOUR) }));
  assert.equal((await mayDeploy(world.parts, lane, NOW)).next?.at, Date.UTC(2026, 10, 26, 15));
});

test("not before T is true at T, and false at every moment until then", async () => {
  const { parts } = sampleWorld();
  const yearMs = 366 * 24 * HOUR;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(yearMs),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async (ms, share) => {
        const at = later(NOW, ms);
        const { answer, next } = await mayDeploy(parts, lane, at);
        assert.ok(next !== null);
        assert.equal((await mayDeploy(parts, lane, next.at)).answer, "allow");
        if (answer === "allow") return assert.equal(next.at, at);
        const between = instant(Math.floor(at + (next.at - at) * share));
        assert.equal((await mayDeploy(parts, lane, between)).answer, "wait");
        assert.equal((await mayDeploy(parts, lane, later(next.at, -1))).answer, "wait");
      },
    ),
    { numRuns: 60 },
  );
});

const rolloutOf = (calendar: Calendar): Rollout => ({
  name: "three-days",
  zone: "UTC",
  phases: [
    {
      environment: lane.environment,
      type: "both",
      risk: "low",
      downtime: "none",
      rollback: "simple",
      days: { first: 1, last: 2 },
      late: "go",
      calendar,
      approval: null,
      deploy: [],
      inform: [],
    },
  ],
});

test("a calendar that only a rollout asks is asked by it, and its days are named", async () => {
  const [calendar] = sampleDefinitions.calendars;
  assert.ok(calendar !== undefined);
  const rollout = rolloutOf({ ...calendar, name: "maintenance" });
  const definitions: Definitions = {
    ...sampleDefinitions,
    services: sampleDefinitions.services.map((service) => ({ ...service, rollout })),
    calendars: [{ ...calendar, name: "maintenance" }],
    rollouts: [rollout],
  };
  assert.deepEqual(calendarBriefs(definitions, NOW)[0]?.askedBy, ["rollout three-days"]);
  const { parts } = sampleWorld();
  const current = async () => definitions;
  const view = await mayDeploy(
    { ...parts, definitions: { ...parts.definitions, current } },
    lane,
    NOW,
  );
  assert.equal(view.rollout, "three-days");
});

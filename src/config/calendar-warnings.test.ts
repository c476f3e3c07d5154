// Calendars that will never let anything begin are told when they are written, with their line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../core/ids.ts";
import { calendarWarnings } from "./calendar-warnings.ts";
import { readDefinitions } from "./parse.ts";
import { placed } from "./warning-places.ts";

const NOW = instant(Date.UTC(2026, 10, 21));

const told = (...texts: readonly string[]) => {
  const files = [{ path: "a.yaml", text: texts.join("\n---\n") }];
  const { definitions, entries } = readDefinitions(files);
  return placed(calendarWarnings(definitions, NOW), entries).map(
    ({ code, where, message }) => `${code} ${where ?? ""}: ${message}`,
  );
};

const calendar = (name: string, ...lines: readonly string[]): string =>
  [`kind: Calendar\nname: ${name}\nzone: UTC`, ...lines].join("\n");
const weekly = (days: string, from: string, hours: number): string =>
  `{ weekly: { days: [${days}], from: "${from}", for: ${hours}h } }`;
const OFFICE = calendar("office", `allow: [${weekly("mon..fri", "09:00", 8)}]`);
const WEEKEND = calendar("weekend", `allow: [${weekly("sat, sun", "09:00", 8)}]`);
const MORNING = calendar("morning", `allow: [${weekly("mon", "09:00", 2)}]`);

const ROLLING = "deploy: [rolling: {}]";

const lane = (environment: string, ...playbook: readonly string[]): string =>
  [
    "kind: Environment\nname: live\ntier: production",
    `takes: { from: release, how: manual${environment} }`,
    "---\nkind: Playbook\nname: web",
    ...playbook,
    "---\nkind: Service\nname: hello\nrun: { command: [x], readiness: { path: / } }",
    "environments:",
    '  live: { playbook: web, listen: "127.0.0.1:1" }',
  ].join("\n");

test("a calendar whose denials cover what it allows is named with both", () => {
  const shut = calendar(
    "shut",
    `allow: [${weekly("sat", "10:00", 2)}]`,
    `deny: [${weekly("sat", "09:00", 2)}, ${weekly("sat", "11:00", 9)}, { monthDays: 3..3 }]`,
  );
  assert.deepEqual(told(shut), [
    "calendar-never-opens a.yaml:5 calendar shut deny: shut never opens within the next five " +
      "years: what it allows (Saturday 10:00 to 12:00) is denied each time " +
      "(Saturday 09:00 to 11:00, Saturday 11:00 to 20:00, day 3 of the month)",
  ]);
});

test("a calendar of which nothing is still to come is named", () => {
  const past = 'allow: [{ once: { from: "2026-01-01T10:00", to: "2026-01-02T10:00" } }]';
  assert.match(told(calendar("past", past))[0] ?? "", /nothing that it allows is still to come$/u);
});

test("calendars of one gate that are never open together are told where the lane is", () => {
  const asked = lane(", calendar: office", "before: [{ window: weekend }]", ROLLING);
  assert.deepEqual(told(OFFICE, WEEKEND, asked), [
    "calendars-never-together a.yaml:25 service hello environments.live: its gate entry never " +
      "opens: never open together within the next five years: office (Monday, Tuesday, " +
      "Wednesday, Thursday and Friday 09:00 to 17:00) and " +
      "weekend (Saturday and Sunday 09:00 to 17:00)",
  ]);
});

test("between the shares of a canary, of three only the two that exclude each other", () => {
  const stop = "{ weight: 25%, before: [{ window: weekend }, { window: morning }] }";
  const canary = `deploy: [canary: { steps: [5%, ${stop}, 100%], bake: 1m }]`;
  const warnings = told(OFFICE, WEEKEND, MORNING, lane("", "before: [{ window: office }]", canary));
  assert.ok(warnings.some((one) => one.includes("its gate gate-25 never opens: ")));
  assert.ok(
    warnings.every((one) => one.includes("weekend (Saturday")),
    warnings.join("\n"),
  );
});

test("calendars that are open together now and then, or asked by nobody, are no news", () => {
  const asked = lane(", calendar: office", "before: [{ window: morning }]", ROLLING);
  assert.deepEqual(told(OFFICE, MORNING, asked), []);
  assert.deepEqual(told(OFFICE, WEEKEND), []);
});

// Requests to admission for its tests: a run of hello 1.1 to production, made and begun by alice.

import type { Calendar, Recurrence } from "../calendar/calendar.ts";
import { CANARY, planOf, playbook } from "../decide.testing.ts";
import { instant } from "../ids.ts";
import type { Actor, EnvironmentName, Instant, RunId } from "../ids.ts";
import { newRun } from "../new-run.ts";
import type { Origin, Run } from "../run.ts";
import type { Standing, StandingBody } from "../standing.ts";
import type { Fact, FactBody } from "../fact.ts";
import type { AdmissionRequest } from "./request.ts";
import type { Checklist, ChecklistItem, GateRule } from "./rule.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** Monday 2026-11-23, 08:00 UTC. */
export const MONDAY: Instant = instant(
  Temporal.Instant.from("2026-11-23T08:00:00Z").epochMilliseconds,
);

const PLAN = planOf("1.1", "1.0", playbook([CANARY]));

export const runOf = (id = "r-1", origin: Partial<Origin> = {}): Run =>
  newRun({
    id: id as RunId,
    seq: 1,
    plan: PLAN,
    origin: { kind: "manual", by: "alice" as Actor, reason: null, emergency: null, ...origin },
    at: MONDAY,
  });

export const asking = (
  rules: readonly GateRule[],
  more: Partial<AdmissionRequest> = {},
): AdmissionRequest => ({
  step: "entry",
  rules,
  run: runOf(),
  facts: [],
  standing: [],
  verifiedIn: [],
  effects: [],
  since: MONDAY,
  ...more,
});

export type Saying = readonly [by: string, at: Instant, body: FactBody];

/** In the order in which they were said. */
export const facts = (...said: readonly Saying[]): readonly Fact[] =>
  said.map(([by, at, body], index) => ({
    ...body,
    seq: index + 1,
    run: "r-1" as RunId,
    by: by as Actor,
    at,
  }));

export const approval = (
  verdict: "approve" | "reject" = "approve",
  more: Partial<Extract<FactBody, { kind: "approval" }>> = {},
): FactBody => ({
  kind: "approval",
  step: "entry",
  planHash: PLAN.hash,
  verdict,
  reason: null,
  answers: {},
  ...more,
});

export const tick = (
  item: string,
  verdict: "done" | "failed" | "skipped" = "done",
  text = "",
): FactBody => ({ kind: "tick", step: "entry", item, verdict, text });

/** Said by bob of everything, and in force since long ago, unless told otherwise. */
export const stands = (body: StandingBody, more: Partial<Standing> = {}): Standing => ({
  seq: 1,
  by: "bob" as Actor,
  at: instant(0),
  from: instant(0),
  until: null,
  release: null,
  service: null,
  environment: null,
  ended: null,
  body,
  ...more,
});

export const RELEASE = PLAN.release.id;

export const calendar = (
  allow: readonly Recurrence[],
  deny: readonly Recurrence[] = [],
  spreadMs = 0,
): Calendar => ({ name: "release-days", zone: "UTC", allow, deny, spreadMs });

export const period = (from: Instant, to: Instant): Recurrence => ({
  kind: "once",
  from,
  to,
  text: "once",
});

export const item = (id: string, more: Partial<ChecklistItem> = {}): ChecklistItem => ({
  id,
  text: `do ${id}`,
  owner: [],
  dueMs: null,
  check: null,
  manual: true,
  needs: "nothing",
  skippable: false,
  ...more,
});

export const checklist = (...items: readonly ChecklistItem[]): Checklist => ({
  name: "before",
  items,
});

export const STAGING = "staging" as EnvironmentName;

// What admission and calendars are made of, run through before somebody waits for it: the first
// questions of a process would take some twenty times as long as later ones, since all of it is
// still to be compiled. A question a while, behind everything else, and nobody sees the answers.

import { DAY_NAMES } from "../config/local-times.ts";
import { parseDefinitions } from "../config/parse.ts";
import { admit } from "../core/admission/admit.ts";
import type { AdmissionRequest } from "../core/admission/request.ts";
import type { Fact, FactBody } from "../core/fact.ts";
import { SLUICE, instant, later } from "../core/ids.ts";
import type {
  Actor,
  Digest,
  EnvironmentName,
  Instant,
  ReleaseId,
  RunId,
  ServiceName,
} from "../core/ids.ts";
import { newRun } from "../core/new-run.ts";
import { planFor } from "../core/plan-for.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { World } from "../ports/world.ts";

/** So many, and one each time this has passed: enough for the compiler to have seen it all, and
 * too little to be noticed. */
const QUESTIONS = 100;
const EVERY_MS = 20;
/** What comes right after the start goes first. */
const AFTER_MS = 1_000;
/** Windows of each form. */
const EACH = 12;
const HOUR_MS = 3_600_000;

/** Goes on until it is done or told to stop. */
export const warmAdmission = async (
  { now, sleep }: Pick<World, "now" | "sleep">,
  signal: AbortSignal,
): Promise<void> => {
  await sleep(AFTER_MS, signal);
  if (signal.aborted) return;
  const text = JSON.stringify(requestAt(now()));
  for (let round = 0; round < QUESTIONS && !signal.aborted; round += 1) {
    // Read anew, as each plan is, so that nothing is known of it from before.
    const request = JSON.parse(text) as AdmissionRequest;
    for (const hours of [0, 30, 200]) admit(request, later(request.since, hours * HOUR_MS));
    await sleep(EVERY_MS, signal);
  }
};

const NOTHING = `sha256:${"0".repeat(64)}` as Digest;
const RELEASE = { id: "warm@1" as ReleaseId, artifact: NOTHING, author: SLUICE };
const LANE = { service: "warm" as ServiceName, environment: "up" as EnvironmentName };

const requestAt = (now: Instant): AdmissionRequest => {
  const definitions = parseDefinitions([{ path: "warm.yaml", text: DEFINITIONS }]);
  const plan = planFor(definitions, LANE, RELEASE, null);
  const [entry] = plan.steps;
  const origin = { kind: "manual", by: SLUICE, reason: null, emergency: null } as const;
  const about = { step: "entry", planHash: plan.hash };
  return {
    step: about.step,
    rules: entry?.kind === "gate" ? entry.rules : [],
    run: newRun({ id: "r-warm" as RunId, seq: 1, plan, origin, at: now }),
    facts: [
      saying("ann", { kind: "approval", ...about, verdict: "approve", reason: null, answers: {} }),
      saying("ben", { kind: "tick", step: about.step, item: "look", verdict: "done", text: "" }),
    ],
    standing: STANDING,
    verifiedIn: [],
    effects: [],
    since: now,
  };
};

const saying = (by: string, body: FactBody): Fact => ({
  ...body,
  seq: 1,
  run: "r-warm" as RunId,
  by: by as Actor,
  at: instant(0),
});

const standing = (body: StandingBody): Standing => ({
  seq: 1,
  by: "ann" as Actor,
  at: instant(0),
  from: instant(0),
  until: body.kind === "freeze" ? instant(1) : null,
  release: body.kind === "freeze" || body.kind === "delegation" ? null : RELEASE.id,
  service: null,
  environment: null,
  ended: null,
  body,
});

const STANDING: readonly Standing[] = [
  standing({
    kind: "evidence",
    evidence: {
      format: "values",
      name: "warm",
      digest: NOTHING,
      values: { coverage: { unit: "percent", value: 90 } },
      findings: [],
    },
  }),
  standing({ kind: "freeze", reason: "over" }),
  standing({ kind: "delegation", to: "eve" as Actor, reason: "away" }),
  standing({ kind: "waiver", what: "CVE-1", reason: "unused", owner: "ann" as Actor }),
  standing({ kind: "changeRecord", id: "CHG-1", state: "approved", url: null }),
];

const periodsOf = (index: number): string => {
  const [hour, day] = [index % 24, (index % 27) + 1];
  const time = `${String(hour).padStart(2, "0")}:15`;
  const start = `2026-01-${String(day).padStart(2, "0")}T${time}`;
  const weekday = DAY_NAMES[index % 7] ?? "";
  const rule = ["FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=DAILY;INTERVAL=3"];
  return [
    `weekly: { days: [${weekday.slice(0, 3).toLowerCase()}], from: "${time}", for: 1h }`,
    `cron: { at: "15 ${hour} * * *", for: 30m }`,
    `cron: { at: "15 ${hour} ${day} * *", for: 30m }`,
    `rule: { start: "${start}", rrule: "${rule[index % 3] ?? ""}", for: 1h }`,
    `monthDays: { from: ${day}, to: ${day} }`,
    `interval: { times: [{ start_time: "${time}", end_time: "24:00" }], ` +
      `weekdays: [${weekday.toLowerCase()}] }`,
    `once: { from: "${start}", to: "2027${start.slice(4)}" }`,
  ]
    .map((form) => `  - { ${form} }`)
    .join("\n");
};

const PERIODS = Array.from({ length: EACH }, (_, index) => periodsOf(index));

/** Of every form that a calendar has, and of most rules that a gate asks. */
const DEFINITIONS = `
kind: Calendar
name: warm
zone: America/New_York
allow:
${PERIODS.slice(0, EACH / 2).join("\n")}
deny:
${PERIODS.slice(EACH / 2).join("\n")}
---
kind: Checklist
name: warm
items: [{ id: look, text: Look }, { id: again, text: Look again, due: 1h }]
---
kind: Environment
name: up
tier: production
takes: { from: release, how: manual, calendar: warm }
---
kind: Playbook
name: warm
before:
  - approval: { from: [ann, ben], count: 2, expires: 1d }
  - approval: { from: [ann], count: 1 }
  - changeRecord: true
  - evidence: { coverage: "> 80%", criticalVulnerabilities: 0 }
  - checklist: warm
deploy: [rolling: {}]
---
kind: Service
name: warm
run: { command: [node], readiness: { path: / } }
environments: { up: { playbook: warm, listen: "127.0.0.1:1" } }
`;

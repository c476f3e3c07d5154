// What a run has to pass, and what people say about it: evidence, waivers, changes, checklists,
// freezes, delegations, reviews, calendars, what admission decided, and the emergency.

import assert from "node:assert/strict";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { calendarBriefs, calendarView } from "../src/api/calendar-reading.ts";
import { EVIDENCE_LIMIT_BYTES } from "../src/api/contract/evidence.ts";
import type { ReportView } from "../src/api/contract/evidence.ts";
import { mayDeploy } from "../src/api/may-deploy.ts";
import { sampleRun, sampleWorld } from "../src/api/sample-parts.testing.ts";
import { sampleCalendar, sampleDefinitions } from "../src/api/sample-plan.testing.ts";
import { said } from "../src/api/sample-standing.testing.ts";
import { verificationSummary } from "../src/api/verification-summary.ts";
import type { AdmissionView } from "../src/api/contract/admissions.ts";
import type { FreezeView, ReviewView } from "../src/api/contract/standing.ts";
import type { Actor, Instant } from "../src/core/ids.ts";
import { instant } from "../src/core/ids.ts";
import { refused } from "./fake-api.testing.ts";
import { atGate, coverage, gates, report } from "./gates.testing.ts";
import { compareWithGolden, tell } from "./story.testing.ts";
import { NOW, canary, goingBack, lanes, queued, rolledBack } from "./views.testing.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BACK = instant(Date.UTC(2026, 11, 1, 5));
const later = (ms: number): Instant => instant(NOW + ms);

const WAIVE = ["waive", "hello@1.1.0", "CVE-2026-1234", "--owner", "carol", "--until", "14d"];
const EMERGENCY = ["deploy", "hello", "production", "1.1.1", "--emergency"];

const view = (id: number, evidence: typeof report): ReportView => ({
  ...evidence,
  id,
  by: "ci",
  at: instant(NOW - HOUR),
});

const waiver = {
  id: 9,
  what: "CVE-2026-1234",
  reason: "the code that has it is never called",
  owner: "carol",
  by: "alice",
  at: NOW,
  until: later(14 * DAY),
};
const change = { id: "CHG-4711", state: "approved", url: null, by: "alice", at: NOW } as const;

const evidence = {
  release: "hello@1.1.0",
  reports: [view(8, report), view(7, coverage)],
  waivers: [waiver],
  changes: [change],
  wanted: gates
    .flatMap((gate) => gate.rules)
    .filter((rule) => rule.kind === "evidence")
    .map(({ id, text, answer, reasons }) => {
      return { environment: "production", step: "entry", rule: id, text, answer, reasons };
    }),
};

test("evidence is attached and shown with what the gates want of it", () =>
  compareWithGolden("evidence", [
    {
      type: ["evidence", "add", "hello@1.1.0", "trivy.json"],
      files: ["trivy.json"],
      replies: { addEvidence: view(8, report) },
    },
    {
      type: ["evidence", "add", "hello@1.1.0", "coverage.xml"],
      files: ["coverage.xml"],
      replies: { addEvidence: view(7, coverage) },
    },
    { type: ["evidence", "add", "hello@1.1.0", "nowhere.xml"] },
    { type: ["evidence", "add", "hello@1.1.0"] },
    {
      type: ["evidence", "add", "hello@1.1.0", "bomb.xml"],
      files: ["bomb.xml"],
      replies: {
        addEvidence: refused(
          422,
          "bad-report",
          "bomb.xml: entities are not expanded",
          "write it out",
        ),
      },
    },
    { type: ["evidence", "list", "hello@1.1.0"], replies: { evidence } },
    {
      type: ["evidence", "list", "hello@1.0.0"],
      replies: {
        evidence: {
          ...evidence,
          release: "hello@1.0.0",
          reports: [],
          waivers: [],
          changes: [],
          wanted: [],
        },
      },
    },
    {
      type: [...WAIVE, "--reason", "the code that has it is never called"],
      replies: { waive: waiver },
    },
    { type: ["waive", "hello@1.1.0", "CVE-1", "--owner", "carol", "--reason", "because"] },
    {
      type: ["change", "hello@1.1.0", "CHG-4711", "--state", "approved"],
      replies: { change },
    },
    { type: ["change", "hello@1.1.0", "CHG-4711", "--state", "done"] },
  ]));

test("reports are sent as they are, and none where one of them cannot be", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-evidence-"));
  try {
    const [first, second] = [join(folder, "a.xml"), join(folder, "b.xml")];
    await writeFile(first, "<ä/>");
    const sent = await tell({
      type: ["evidence", "add", "hello@1.1.0", first, "--json"],
      replies: { addEvidence: view(7, coverage) },
    });
    assert.deepEqual(
      [sent.asked[0]?.path, sent.asked[0]?.body],
      ["/v1/releases/hello%401.1.0/evidence?name=a.xml", "<ä/>"],
    );
    assert.equal((JSON.parse(sent.stdout) as { reports: unknown[] }).reports.length, 1);
    await writeFile(second, "");
    await truncate(second, EVIDENCE_LIMIT_BYTES + 1);
    const none = await tell({ type: ["evidence", "add", "hello@1.1.0", first, second] });
    assert.match(none.stderr, /b\.xml is larger than a report may be, 20 MiB/);
    assert.deepEqual([none.exit, none.asked], [2, []]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("who adds several reports is told which went in before one was refused", async () => {
  const files = ["a.xml", "b.xml"];
  const told = await tell({
    type: ["evidence", "add", "hello@1.1.0", ...files],
    files,
    replies: { addEvidence: refused(422, "bad-report", "b.xml is no report") },
  });
  assert.equal(told.exit, 2);
  assert.doesNotMatch(told.stderr, /added before/);
});

const freeze: FreezeView = {
  id: 12,
  service: "hello",
  environment: "production",
  reason: "the big sale: nothing but what is broken may be touched until it is over",
  by: "dave",
  at: NOW,
  from: NOW,
  until: later(2 * DAY),
  ended: null,
};
const everywhere: FreezeView = {
  ...freeze,
  id: 13,
  service: null,
  environment: null,
  reason: "the network is being moved",
  from: later(DAY),
  until: null,
};
const review: ReviewView = {
  id: 17,
  run: "r-4k2m9xq7wz",
  service: "hello",
  environment: "production",
  release: null,
  reason: "card data leaks",
  by: "dave",
  at: instant(NOW - 3 * HOUR),
  done: null,
};

test("freezes, delegations and reviews are said, listed and ended", () =>
  compareWithGolden("standing", [
    {
      type: ["freeze", "hello", "production", "--reason", freeze.reason, "--until", "2d"],
      replies: { freeze },
    },
    {
      type: ["freeze", "--reason", "the network is being moved", "--from", "1d"],
      replies: { freeze: everywhere },
    },
    { type: ["freeze", "hello"] },
    { type: ["freeze", "--reason", "sale", "--until", "2026-11-24 10:00"] },
    { type: ["freeze", "--reason", "sale", "--until", "2026-11-24 10:00 EST"] },
    { type: ["freezes"], replies: { freezes: { freezes: [everywhere, freeze] } } },
    { type: ["freezes"], replies: { freezes: { freezes: [] } } },
    {
      type: ["unfreeze", "12", "--reason", "the sale is over"],
      replies: {
        unfreeze: { ...freeze, ended: { by: "dave", at: NOW, reason: "the sale is over" } },
      },
    },
    {
      type: ["unfreeze", "99", "--reason", "the sale is over"],
      replies: { unfreeze: refused(404, "unknown-freeze", "there is no freeze 99") },
    },
    {
      type: ["delegate", "erin", "--reason", "holiday", "--until", "2026-12-01 America/New_York"],
      replies: {
        delegate: { id: 14, by: "alice", to: "erin", reason: "holiday", from: NOW, until: BACK },
      },
    },
    {
      type: ["delegations"],
      replies: {
        delegations: {
          delegations: [
            { id: 14, by: "alice", to: "erin", reason: "holiday", from: NOW, until: BACK },
          ],
        },
      },
    },
    { type: ["delegations"], replies: { delegations: { delegations: [] } } },
    {
      type: ["withdraw", "14", "--reason", "back earlier"],
      replies: {
        withdraw: {
          id: 14,
          kind: "delegation",
          what: "erin for alice",
          by: "alice",
          reason: "back earlier",
        },
      },
    },
    { type: ["reviews"], replies: { reviews: { reviews: [review] } } },
    { type: ["reviews"], replies: { reviews: { reviews: [] } } },
    {
      type: ["review", "17", "--done", "right to do; the window is too narrow"],
      replies: {
        reviewDone: {
          ...review,
          done: { by: "alice", at: NOW, text: "right to do; the window is too narrow" },
        },
      },
    },
  ]));

test("status shows freezes and reviews, and what a run at a gate waits for", () =>
  compareWithGolden("status-gates", [
    {
      type: ["status"],
      replies: {
        lanes: {
          lanes: [
            ...lanes.slice(0, 1).map((lane) => ({ ...lane, freezes: [everywhere] })),
            ...lanes.slice(2).map((lane) => ({
              ...lane,
              freezes: [freeze],
              reviews: [review],
              run: { ...atGate, reason: null, gate: gates[0] ?? null },
            })),
          ],
        },
      },
    },
  ]));

test("what is said goes out as it was meant: places, moments, numbers", async () => {
  const bodyOf = async (type: readonly string[], replies: object) =>
    (await tell({ type, replies })).asked.at(-1)?.body;
  assert.deepEqual(
    await bodyOf(["freeze", "--environment", "production", "--reason", "audit", "--until", "1h"], {
      freeze,
    }),
    { service: null, environment: "production", reason: "audit", from: null, until: NOW + HOUR },
  );
  assert.deepEqual(
    await bodyOf(
      ["delegate", "erin", "--reason", "away", "--until", "2026-11-24 10:00 America/New_York"],
      { delegate: { id: 1, by: "a", to: "b", reason: "c", from: NOW, until: null } },
    ),
    { to: "erin", reason: "away", from: null, until: Date.UTC(2026, 10, 24, 15) },
  );
  const run = { run: atGate, approval: atGate, tick: atGate };
  assert.deepEqual(
    (
      (await bodyOf(["approve", "x", "--answer", "a=1=2", "--answer", "risk=low"], run)) as {
        answers: unknown;
      }
    ).answers,
    { a: "1=2", risk: "low" },
  );
  assert.deepEqual(await bodyOf(["tick", "x", "backup", "--done"], run), {
    step: null,
    item: "backup",
    verdict: "done",
    text: "",
  });
});

test("checklists are ticked, approvals answered, emergencies declared", () =>
  compareWithGolden("gate-words", [
    {
      type: ["tick", "hello.production", "backup", "--done", "restored to scratch, 41 tables"],
      replies: { run: atGate, tick: atGate },
    },
    {
      type: ["tick", "hello.production", "rehearsal", "--skip", "nothing but a text changed"],
      replies: { run: atGate, tick: atGate },
    },
    {
      type: ["tick", "hello.production", "backup", "--failed", "the file is empty"],
      replies: { run: atGate, tick: atGate },
    },
    {
      type: ["tick", "hello.production", "backup", "notes", "rehearsal", "--done"],
      replies: { run: atGate, tick: atGate },
    },
    { type: ["tick", "hello.production", "backup"] },
    { type: ["tick", "hello.production", "backup", "--done", "yes", "--skip", "no"] },
    {
      type: ["tick", "hello.production", "bakup", "--done"],
      replies: {
        run: atGate,
        tick: refused(
          404,
          "unknown-item",
          "no checklist has an item bakup",
          "did you mean backup?",
        ),
      },
    },
    { type: ["approve", "hello.production", "--answer", "ticket"] },
    { type: ["approve", "hello.production", "--answer", "a=1", "--answer", "a=2"] },
    { type: ["deploy", "hello", "production", "1.1.1", "--emergency"] },
    {
      type: [...EMERGENCY, "--reason", "card data leaks"],
      replies: { deploy: queued },
    },
    {
      type: ["deploy", "hello", "production", "1.1.1", "--emergency", "--reason", "please"],
      replies: {
        deploy: refused(403, "denied-emergency", "bob may not begin one here", "dave may"),
      },
    },
    {
      type: ["show", "emergency"],
      replies: {
        run: {
          ...canary,
          origin: { ...canary.origin, emergency: { until: later(HOUR) } },
          noReturn: "deploy-drop-column",
        },
      },
    },
    {
      type: ["rollback", "hello", "production", "--now"],
      replies: { rollback: goingBack, follow: [goingBack, rolledBack] },
    },
    { type: ["rollback", "hello", "production", "--tier", "everything"] },
  ]));

const periods = { from: NOW, count: 10 };
const calendar = calendarView(sampleDefinitions, sampleCalendar, periods);
const key = { service: sampleRun().service, environment: sampleRun().environment };

const answered = async (at: Instant, frozen = false) => {
  const world = sampleWorld();
  if (frozen) {
    const about = { by: "dave" as Actor, until: later(4 * DAY) };
    world.standing.push(said({ kind: "freeze", reason: "the big sale" }, about));
  }
  return mayDeploy(world.parts, key, at);
};

test("calendars say when, on the clock of their place and in UTC", async () =>
  compareWithGolden("calendar", [
    {
      type: ["calendar", "list"],
      replies: { calendars: { calendars: calendarBriefs(sampleDefinitions, NOW) } },
    },
    { type: ["calendar", "list"], replies: { calendars: { calendars: [] } } },
    {
      type: ["calendar", "show", "release-days"],
      replies: { calendar: { ...calendar, periods: calendar.periods.slice(0, 3) } },
    },
    { type: ["calendar", "next", "release-days"], replies: { calendar } },
    {
      type: ["calendar", "next", "relase-days"],
      replies: {
        calendar: refused(
          404,
          "unknown-calendar",
          "there is no calendar relase-days",
          "did you mean release-days?",
        ),
      },
    },
    {
      type: ["calendar", "why", "hello", "production"],
      replies: { mayDeploy: await answered(NOW, true) },
    },
    {
      type: ["calendar", "why", "hello", "production", "--at", "2026-11-24 10:30 America/New_York"],
      replies: { mayDeploy: await answered(instant(Date.UTC(2026, 10, 24, 15, 30))) },
    },
    { type: ["calendar", "why", "hello", "production", "--at", "2026-11-24 10:30"] },
    {
      type: ["calendar", "feed", "release-days"],
      replies: { calendarFeed: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n" },
    },
    {
      type: ["calendar", "feed", "release-days", "--json"],
      replies: { calendarFeed: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" },
    },
  ]));

const admission: AdmissionView = {
  run: "r-4k2m9xq7wz",
  service: "hello",
  environment: "production",
  release: "hello@1.1.0",
  planHash: canary.planHash,
  decisions: [
    {
      at: instant(NOW - HOUR),
      step: "entry",
      answer: "wait",
      rules: (gates[0]?.rules ?? []).map(({ id, answer, reasons }) => ({
        rule: id,
        answer,
        reasons,
      })),
    },
    {
      at: NOW,
      step: "entry",
      answer: "allow",
      rules: [
        {
          rule: "approval-1",
          answer: "allow",
          reasons: [{ code: "approved", text: "approved by alice, bob" }],
        },
      ],
    },
  ],
};

test("what admission decided is told with every rule, and exported for others", () =>
  compareWithGolden("admission", [
    { type: ["admission", "hello.production"], replies: { admission } },
    {
      type: ["admission", "hello.production"],
      replies: { admission: { ...admission, decisions: [] } },
    },
    {
      type: ["admission", "hello.production", "--export"],
      replies: {
        attestation: verificationSummary(
          sampleRun(),
          { ...admission, decisions: admission.decisions.slice(1) },
          [view(7, coverage)],
        ),
      },
    },
    {
      type: ["admission", "r-4k2m9xq7wz", "--export"],
      replies: { attestation: refused(409, "not-decided", "it was not allowed, nor denied") },
    },
  ]));

test("a run that is asked between two shares says where it stands, and what lateness means", () => {
  const from = canary.steps.findIndex(({ id }) => id === "bake-25");
  const asked = {
    ...atGate,
    weight: 50,
    step: { id: "gate-25", title: "approval by 1 of alice, bob", since: instant(NOW - HOUR) },
    steps: canary.steps.slice(0, from).map((step) => ({ ...step, state: "done" as const })),
    gates: atGate.gates.slice(0, 1).map((gate) => ({
      ...gate,
      step: "gate-25",
      since: instant(NOW - HOUR),
      failsAt: later(3 * HOUR),
      onLate: "hold" as const,
    })),
  };
  const [gate] = asked.gates;
  const back = {
    ...asked,
    gates: gate === undefined ? [] : [{ ...gate, onLate: "back" as const }],
  };
  return compareWithGolden("between-shares", [
    { type: ["why", "hello.production"], replies: { run: asked } },
    { type: ["why", "hello.production"], replies: { run: back } },
  ]);
});

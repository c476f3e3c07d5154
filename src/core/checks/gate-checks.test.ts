// Gates that are passed although one of their rules was not met: each is found, and what admission
// itself allows never is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { calendar, checklist, item, period } from "../admission/admission.testing.ts";
import type { ChecklistItem } from "../admission/rule.ts";
import { broken, DECISION_CHECKS } from "../checks.ts";
import { CANARY, Rehearsal, approvalRule, planOf, playbook } from "../decide.testing.ts";
import { decide } from "../decide.ts";
import { freshProgress } from "../draft.ts";
import type { EvidenceCondition } from "../evidence/evidence.ts";
import { instant, later } from "../ids.ts";
import type { Actor, Digest, EnvironmentName, ReleaseId } from "../ids.ts";
import type { Action, Takes } from "../playbook.ts";
import type { DecisionView } from "./check.ts";

const STAGING = "staging" as EnvironmentName;
const COVERAGE: EvidenceCondition = {
  name: "coverage",
  comparison: ">=",
  value: { unit: "percent", value: 80 },
  text: "coverage >= 80%",
};
const CRITICAL: EvidenceCondition = {
  name: "criticalVulnerabilities",
  comparison: "=",
  value: { unit: "count", value: 0 },
  text: "criticalVulnerabilities 0",
};
const TASK = {
  kind: "task",
  task: { kind: "command", command: ["./check"], env: {} },
  deadlineMs: 1_000,
} as const;

const APPROVAL: Action = {
  kind: "approval",
  approval: approvalRule(["alice", "bob", "carol", "dave"], { count: 2 }),
};
const EVIDENCE: Action = { kind: "evidence", conditions: [COVERAGE] };
const CHANGE: Action = { kind: "changeRecord" };
const list = (...items: readonly ChecklistItem[]): Action => ({
  kind: "checklist",
  checklist: checklist(...items),
});

/** A run that the engine has leave its entry gate at this moment, whatever it asks. */
const leaving = (
  before: readonly Action[],
  prepare: (it: Rehearsal) => void = () => undefined,
  takes: Partial<Takes> = {},
): readonly string[] => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { before }), takes));
  // Held, so that nothing is decided but what is planted here.
  it.say("erin", { kind: "hold", reason: "to look at it" });
  it.pass();
  prepare(it);
  const snapshot = it.snapshot();
  const held = decide(it.run, snapshot, it.now);
  const state = { ...freshProgress(1, it.now), kind: "forward" } as const;
  const decision = { ...held, run: { ...held.run, hold: null, state } };
  const view: DecisionView = { run: { ...it.run, hold: null }, snapshot, decision };
  return broken(DECISION_CHECKS, view)
    .filter(({ name }) => name === "gate-admitted")
    .map(({ sentence }) => sentence);
};

const word =
  (by: string, verdict: "approve" | "reject" = "approve", answers = {}) =>
  (it: Rehearsal): void =>
    it.say(by, {
      kind: "approval",
      step: "entry",
      planHash: it.run.plan.hash,
      verdict,
      reason: null,
      answers,
    });

const away =
  (by: string, to: string, more = {}) =>
  (it: Rehearsal): void => {
    it.stand(by, { kind: "delegation", to: to as Actor, reason: "on leave" }, more);
  };

const report =
  (value: number, release = "hello@1.1") =>
  (it: Rehearsal): void => {
    const evidence = {
      format: "values",
      name: "coverage.json",
      digest: "sha256:1" as Digest,
      values: { coverage: { unit: "percent", value } },
      findings: [],
    } as const;
    it.stand("ci", { kind: "evidence", evidence }, { release: release as ReleaseId });
  };

const record =
  (state: "open" | "approved" | "rejected") =>
  (it: Rehearsal): void => {
    const release = it.run.plan.release.id;
    it.stand("carol", { kind: "changeRecord", id: "CHG-1", state, url: null }, { release });
  };

const ticked =
  (by: string, verdict: "done" | "skipped" = "done") =>
  (it: Rehearsal): void =>
    it.say(by, { kind: "tick", step: "entry", item: "a", verdict, text: "yes" });

const frozen = (it: Rehearsal): void => {
  it.stand("dave", { kind: "freeze", reason: "a demo" });
};

const emergency = (it: Rehearsal): void => {
  const until = later(it.now, 1);
  it.run = { ...it.run, origin: { ...it.run.origin, emergency: { until } } };
};

const all =
  (...steps: readonly ((it: Rehearsal) => void)[]) =>
  (it: Rehearsal): void =>
    steps.forEach((step) => step(it));

const checkRan = (it: Rehearsal): void => {
  const { service, environment, id, plan } = it.run;
  const { task, deadlineMs } = TASK;
  const body = { kind: "task", step: "entry/a", attempt: 1, task, slot: "green" } as const;
  const key = { service, environment, run: id, generation: 1, ordinal: 0 };
  const release = plan.release;
  it.effects.push({
    effect: { key, body: { ...body, release, deadlineMs, repeatable: true } },
    state: "done",
    outcome: { kind: "applied", detail: null },
  });
};

const CLOSED: Partial<Takes> = { calendar: calendar([period(instant(0), instant(1))]) };
const AUTO = list(item("a", { check: TASK, manual: false }));
const OWNED = list(item("a", { owner: ["bob"] }));

type Case = readonly [
  string,
  readonly Action[],
  (it: Rehearsal) => void,
  string | null,
  Partial<Takes>?,
];

const CASES: readonly Case[] = [
  ["too few approvals", [APPROVAL], word("bob"), "1 of 2 approvals"],
  ["enough approvals", [APPROVAL], all(word("bob"), word("carol")), null],
  ["the author's approval", [APPROVAL], all(word("bob"), word("alice")), "1 of 2 approvals"],
  [
    "a rejection among them",
    [APPROVAL],
    all(word("bob"), word("carol"), word("dave", "reject")),
    "dave rejected it",
  ],
  [
    "somebody in another's place",
    [APPROVAL],
    all(away("carol", "erin"), word("bob"), word("erin")),
    null,
  ],
  [
    "somebody in two others' places",
    [APPROVAL],
    all(away("carol", "erin"), away("dave", "erin"), word("erin")),
    "1 of 2 approvals",
  ],
  [
    "two people in one place",
    [APPROVAL],
    all(away("carol", "erin"), away("carol", "frank"), word("erin"), word("frank")),
    "1 of 2 approvals",
  ],
  [
    "a place that was handed over and taken back",
    [APPROVAL],
    all(away("carol", "erin", { until: instant(1) }), word("bob"), word("erin")),
    "1 of 2 approvals",
  ],
  [
    "a rejection before a place was handed over",
    [APPROVAL],
    all(
      word("bob"),
      word("carol"),
      word("erin", "reject"),
      (it) => void (it.now = later(it.now, 1)),
      away("dave", "erin"),
    ),
    null,
  ],
  [
    "a question that nobody answered",
    [
      {
        kind: "approval",
        approval: approvalRule(["bob"], {
          asks: [{ name: "risk", text: "?", type: "text", options: [] }],
        }),
      },
    ],
    word("bob"),
    "0 of 1 approvals",
  ],
  ["no evidence", [EVIDENCE], () => undefined, "there is no evidence for coverage >= 80%"],
  ["evidence of another release", [EVIDENCE], report(90, "hello@1.0"), "there is no evidence"],
  ["evidence that fails", [EVIDENCE], report(79), "coverage is 79, not coverage >= 80%"],
  ["evidence that was worse since", [EVIDENCE], all(report(90), report(79)), "coverage is 79"],
  ["evidence as it must be", [EVIDENCE], report(80), null],
  [
    "no scan at all",
    [{ kind: "evidence", conditions: [CRITICAL] }],
    () => undefined,
    "there is no evidence for criticalVulnerabilities 0",
  ],
  ["an item that nobody ticked", [list(item("a"))], () => undefined, "nobody ticked a"],
  ["an item that somebody else ticked", [OWNED], ticked("carol"), "nobody ticked a"],
  ["an item that its owner ticked", [OWNED], ticked("bob"), null],
  ["an item left out for no good", [OWNED], ticked("bob", "skipped"), "nobody ticked a"],
  [
    "an item that may be left out",
    [list(item("a", { skippable: true }))],
    ticked("bob", "skipped"),
    null,
  ],
  ["a check that never ran", [AUTO], () => undefined, "no check of a succeeded"],
  ["a check that somebody ticked instead", [AUTO], ticked("bob"), "no check of a succeeded"],
  ["a check that passed", [AUTO], checkRan, null],
  ["a window that is closed", [], () => undefined, "release-days is not open", CLOSED],
  ["a window that is closed, in an emergency", [], emergency, null, CLOSED],
  ["a freeze", [], frozen, "dave froze it: a demo"],
  ["a freeze in an emergency", [], all(frozen, emergency), null],
  ["no change record", [CHANGE], () => undefined, "no change record is there"],
  ["a change that is open", [CHANGE], record("open"), "change CHG-1 is not approved"],
  [
    "a change that was rejected since",
    [CHANGE],
    all(record("approved"), record("rejected")),
    "change CHG-1 is not approved",
  ],
  ["a change that is approved", [CHANGE], record("approved"), null],
  [
    "a release that is not good there",
    [],
    () => undefined,
    "it is not known good in staging",
    { from: { kind: "environment", name: STAGING } },
  ],
  [
    "a release that is good there",
    [],
    (it) => it.verifiedIn.push(STAGING),
    null,
    { from: { kind: "environment", name: STAGING } },
  ],
];

for (const [name, before, prepare, sentence, takes] of CASES) {
  test(`gate-admitted: ${name}`, () => {
    const found = leaving(before, prepare, takes);
    if (sentence === null) return assert.deepEqual(found, []);
    const [first, ...others] = found;
    assert.ok(first !== undefined && others.length === 0, `found ${found.length}`);
    assert.ok(first.includes(sentence), first);
  });
}

const stepping = (
  prepare: (it: Rehearsal) => void,
  takes: Partial<Takes> = {},
): readonly string[] => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY]), takes));
  it.runFor(10_000);
  prepare(it);
  const snapshot = it.snapshot();
  const decision = decide(it.run, snapshot, it.now);
  const { state } = it.run;
  assert.ok(state.kind === "forward");
  const on = { ...state, step: state.step + 1 };
  const moved = { ...decision, run: { ...decision.run, hold: null, state: on } };
  return broken(DECISION_CHECKS, { run: it.run, snapshot, decision: moved })
    .filter(({ name }) => name === "frozen-stays")
    .map(({ sentence }) => sentence);
};

test("frozen-stays: a step that begins through a freeze or a denied period is found", () => {
  assert.deepEqual(stepping(() => undefined), []);
  assert.match(stepping(frozen)[0] ?? "", /dave froze it/);
  assert.deepEqual(stepping(all(frozen, emergency)), []);
  const denied = calendar([], [period(instant(1_005_000), instant(2_000_000))]);
  assert.match(stepping(() => undefined, { calendar: denied })[0] ?? "", /window denies it/);
});

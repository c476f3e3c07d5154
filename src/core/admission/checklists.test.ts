// Items by hand, by machine and by both; what a tick must bring; what counts as done.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EffectOutcome, EffectRecord } from "../effect.ts";
import type { EvidenceCondition } from "../evidence/evidence.ts";
import { releaseId, later } from "../ids.ts";
import type { Actor, Digest, RunId } from "../ids.ts";
import type { TaskSpec } from "../task-spec.ts";
import { admit } from "./admit.ts";
import {
  HOUR,
  MONDAY,
  RELEASE,
  STAGING,
  asking,
  checklist,
  facts,
  item,
  runOf,
  stands,
  tick,
} from "./admission.testing.ts";
import type { Saying } from "./admission.testing.ts";
import { checklistState } from "./checklists.ts";
import type { AdmissionRequest } from "./request.ts";
import type { ChecklistItem } from "./rule.ts";
import { checksToBegin } from "./task-checks.ts";

const NOW = later(MONDAY, HOUR);
const SPEC: TaskSpec = { kind: "command", command: ["./check"], env: {} };
const TASK = { kind: "task", task: SPEC, deadlineMs: 5_000 } as const;

const requestFor = (one: ChecklistItem, more: Partial<AdmissionRequest> = {}): AdmissionRequest =>
  asking([{ id: "list", kind: "checklist", checklist: checklist(one) }], more);

const stateOf = (one: ChecklistItem, more: Partial<AdmissionRequest> = {}, now = NOW) => {
  const request = requestFor(one, more);
  const [state] = checklistState(checklist(one), request, now);
  assert.ok(state);
  const done = state.state === "done" || state.state === "skipped";
  assert.equal(admit(request, now).kind, done ? "allow" : "wait");
  return state;
};

const ticked = (...ticks: readonly Saying[]) => ({ facts: facts(...ticks) });
const by = (name: string, ...rest: Parameters<typeof tick>): Saying => [
  name,
  MONDAY,
  tick(...rest),
];

const TABLE: readonly (readonly [
  string,
  ChecklistItem,
  readonly Saying[],
  "open" | "done" | "failed" | "skipped",
  string,
])[] = [
  ["nobody ticked it", item("a"), [], "open", "waits for somebody"],
  ["somebody did", item("a"), [by("bob", "a", "done", "saw it")], "done", "saw it"],
  ["of another item", item("a"), [by("bob", "b")], "open", "waits for somebody"],
  ["it failed", item("a"), [by("bob", "a", "failed", "red")], "failed", "red"],
  ["it failed first", item("a"), [by("bob", "a", "failed"), by("bob", "a")], "done", ""],
  ["it failed later", item("a"), [by("bob", "a"), by("bob", "a", "failed")], "failed", ""],
  [
    "by its owner",
    item("a", { owner: ["carol"] }),
    [by("carol", "a", "done", "yes")],
    "done",
    "yes",
  ],
  [
    "by somebody else",
    item("a", { owner: ["carol"] }),
    [by("bob", "a")],
    "open",
    "waits for carol; bob is not its owner",
  ],
  [
    "left out, where it may be",
    item("a", { skippable: true }),
    [by("bob", "a", "skipped", "no database")],
    "skipped",
    "no database",
  ],
  [
    "left out without a reason",
    item("a", { skippable: true }),
    [by("bob", "a", "skipped", " ")],
    "open",
    "waits for somebody; bob left it out without a reason",
  ],
  [
    "left out, where it may not be",
    item("a"),
    [by("bob", "a", "skipped", "no time")],
    "open",
    "waits for somebody; bob left it out, and it may not be left out",
  ],
  [
    "without the text it needs",
    item("a", { needs: "text" }),
    [by("bob", "a")],
    "open",
    "waits for somebody; bob ticked it without a word",
  ],
  [
    "without the link it needs",
    item("a", { needs: "link" }),
    [by("bob", "a", "done", "it is in the wiki")],
    "open",
    "waits for somebody; bob ticked it without a link",
  ],
  [
    "with the link it needs",
    item("a", { needs: "link" }),
    [by("bob", "a", "done", "https://wiki.example/1")],
    "done",
    "https://wiki.example/1",
  ],
];

for (const [name, one, said, state, text] of TABLE) {
  test(`checklist item: ${name}`, () => {
    const found = stateOf(one, ticked(...said));
    assert.deepEqual([found.state, found.text], [state, text]);
  });
}

test("an item says who ticked it and when", () => {
  const found = stateOf(item("a"), ticked(["bob", later(MONDAY, 5), tick("a")]));
  assert.deepEqual([found.by, found.at], ["bob", later(MONDAY, 5)]);
});

test("an item that is late is told so, and neither fails nor passes for it", () => {
  const late = item("a", { dueMs: HOUR });
  assert.equal(stateOf(late, {}, later(MONDAY, HOUR)).state, "open");
  const found = stateOf(late, {}, later(MONDAY, HOUR + 1));
  assert.deepEqual([found.state, found.due], ["late", later(MONDAY, HOUR)]);
  assert.equal(stateOf(late, ticked(by("bob", "a")), later(MONDAY, 2 * HOUR)).state, "done");
});

const COVERAGE: EvidenceCondition = {
  name: "coverage",
  comparison: ">",
  value: { unit: "percent", value: 80 },
  text: "coverage > 80%",
};

const covered = (value: number) =>
  stands(
    {
      kind: "evidence",
      evidence: {
        format: "values",
        name: "coverage.json",
        digest: "sha256:1" as Digest,
        values: { coverage: { unit: "percent", value } },
        findings: [],
      },
    },
    { release: RELEASE },
  );

test("an item is checked by evidence, by where the release is good, by its change record", () => {
  const auto = (check: ChecklistItem["check"]) => item("a", { check, manual: false });
  const evidence = auto({ kind: "evidence", conditions: [COVERAGE] });
  assert.equal(stateOf(evidence).state, "open");
  assert.equal(stateOf(evidence, { standing: [covered(79)] }).state, "open");
  assert.equal(stateOf(evidence, { standing: [covered(81)] }).state, "done");
  const verified = auto({ kind: "verifiedIn", environment: STAGING });
  assert.equal(stateOf(verified).state, "open");
  assert.equal(stateOf(verified, { verifiedIn: [STAGING] }).state, "done");
  const change = auto({ kind: "changeRecord" });
  const record = (state: "approved" | "rejected") => ({
    standing: [
      stands({ kind: "changeRecord", id: "CHG-1", state, url: null }, { release: RELEASE }),
    ],
  });
  assert.equal(stateOf(change).state, "open");
  assert.equal(stateOf(change, record("approved")).state, "done");
  // In a list it is an item that failed; as a rule of its own it would deny.
  assert.equal(stateOf(change, record("rejected")).state, "failed");
});

test("no tick outweighs a check that does not pass, and a check alone is not a tick", () => {
  const both = item("a", { check: { kind: "verifiedIn", environment: STAGING }, manual: true });
  const there = { verifiedIn: [STAGING] };
  assert.equal(stateOf(both, ticked(by("bob", "a"))).state, "open");
  assert.equal(stateOf(both, there).state, "open");
  assert.equal(stateOf(both, { ...there, ...ticked(by("bob", "a")) }).state, "done");
});

test("what a person says failed has failed, whatever its check found", () => {
  const auto = item("a", { check: { kind: "verifiedIn", environment: STAGING }, manual: false });
  const found = stateOf(auto, { verifiedIn: [STAGING], ...ticked(by("bob", "a", "failed", "no")) });
  assert.deepEqual([found.state, found.by], ["failed", "bob"]);
});

const attempt = (number: number, outcome: EffectOutcome | null): EffectRecord => {
  const { service, environment } = runOf();
  return {
    effect: {
      key: { service, environment, run: "r-1" as RunId, generation: number, ordinal: 0 },
      body: {
        kind: "task",
        step: "entry/a",
        attempt: number,
        task: SPEC,
        slot: "green",
        release: {
          id: releaseId(service, "1.1"),
          artifact: "sha256:1" as Digest,
          author: "alice" as Actor,
        },
        deadlineMs: 5_000,
        repeatable: true,
      },
    },
    state: outcome === null ? "started" : "done",
    outcome,
  };
};

const RED: EffectOutcome = { kind: "refused", code: "exit-1", why: "exit 1" };
const GREEN: EffectOutcome = { kind: "applied", detail: "all is well" };
const LOST: EffectOutcome = { kind: "unknown", why: "it fell silent" };

const CHECKED = item("a", { check: TASK, manual: false });
const next = (effects: readonly EffectRecord[], more: Partial<AdmissionRequest> = {}) =>
  checksToBegin(requestFor(CHECKED, { effects, ...more })).map((one) => one.attempt);

test("the task of an item runs once, and again when somebody ticks the item anew", () => {
  assert.deepEqual(next([]), [1]);
  assert.deepEqual(next([attempt(1, null)]), []);
  assert.deepEqual(next([attempt(1, RED)]), []);
  assert.deepEqual(next([attempt(1, RED)], ticked(by("bob", "a"))), [2]);
  assert.deepEqual(next([attempt(1, RED), attempt(2, RED)], ticked(by("bob", "a"))), []);
  assert.deepEqual(next([attempt(1, GREEN)], ticked(by("bob", "a"))), []);
});

test("the task of an item that was left out does not run", () => {
  const skippable = item("a", { check: TASK, manual: false, skippable: true });
  const skipped = ticked(by("bob", "a", "skipped", "not here"));
  assert.deepEqual(checksToBegin(requestFor(skippable, skipped)), []);
});

test("a check of which nobody knows what it found is made again, and not for ever", () => {
  assert.deepEqual(next([attempt(1, LOST)]), [2]);
  assert.deepEqual(next([attempt(1, LOST), attempt(2, LOST)]), [3]);
  assert.deepEqual(next([1, 2, 3].map((number) => attempt(number, LOST))), []);
});

test("the newest attempt says what the item is", () => {
  const said = (effects: readonly EffectRecord[]) => {
    const { state, text } = stateOf(CHECKED, { effects });
    return [state, text];
  };
  assert.deepEqual(said([]), ["open", "its check has not begun"]);
  assert.deepEqual(said([attempt(1, null)]), ["open", "its check is started"]);
  assert.deepEqual(said([attempt(1, RED)]), ["failed", "its check failed: exit 1"]);
  assert.deepEqual(said([attempt(1, RED), attempt(2, GREEN)]), ["done", "all is well"]);
  assert.deepEqual(said([attempt(1, LOST)])[0], "open");
});

test("a list says what is missing, each with what it wants", () => {
  const list = checklist(item("a"), item("b", { owner: ["carol"], dueMs: HOUR }), item("c"));
  const request = asking([{ id: "list", kind: "checklist", checklist: list }], {
    ...ticked(by("bob", "a"), by("bob", "c", "failed", "red")),
  });
  const [result] = admit(request, NOW).results;
  assert.deepEqual(
    result?.reasons.map(({ code, text }) => [code, text]),
    [
      ["checklist-open", "before: 2 of 3 items are missing"],
      ["item-open", "do b: waits for carol"],
      ["item-failed", "do c: red"],
    ],
  );
  assert.deepEqual(result?.reasons[0]?.numbers, { items: 3, done: 1, skipped: 0, late: 0 });
});

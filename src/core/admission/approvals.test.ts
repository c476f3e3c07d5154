// Who may approve, in whose place, for how long, and what does not count.

import assert from "node:assert/strict";
import { test } from "node:test";
import { approvalRule } from "../decide.testing.ts";
import { later } from "../ids.ts";
import type { Actor, EnvironmentName, ReleaseId } from "../ids.ts";
import type { Fact } from "../fact.ts";
import type { Standing } from "../standing.ts";
import { admit } from "./admit.ts";
import {
  HOUR,
  MINUTE,
  MONDAY,
  approval,
  asking,
  facts,
  runOf,
  stands,
} from "./admission.testing.ts";
import { approversOf, countedApprovals, eligible } from "./approvals.ts";
import type { ApprovalRule } from "./rule.ts";

const NOW = later(MONDAY, HOUR);

const away = (by: string, to: string, more: Partial<Standing> = {}): Standing =>
  stands({ kind: "delegation", to: to as Actor, reason: "on leave" }, { by: by as Actor, ...more });

const given = (
  rule: ApprovalRule,
  said: readonly Fact[],
  standing: readonly Standing[] = [],
) => asking([{ id: "approval", kind: "approval", approval: rule }], { facts: said, standing });

const judged = (
  rule: ApprovalRule,
  said: readonly Fact[],
  standing: readonly Standing[] = [],
  now = NOW,
) => {
  const [result] = admit(given(rule, said, standing), now).results;
  assert.ok(result);
  return result;
};

const saying = (...people: readonly string[]): readonly Fact[] =>
  facts(...people.map((by) => [by, MONDAY, approval()] as const));

const NAMED = ["alice", "bob", "carol", "dave"];
const TWO = approvalRule(NAMED, { count: 2 });

const TABLE: readonly (readonly [
  string,
  ApprovalRule,
  readonly Fact[],
  readonly Standing[],
  "allow" | "wait" | "deny",
  string,
])[] = [
  ["nobody", TWO, [], [], "wait", "waits for 2 more approvals from bob, carol, dave"],
  ["one", TWO, saying("bob"), [], "wait", "waits for 1 more approval from carol, dave"],
  ["two", TWO, saying("bob", "carol"), [], "allow", "approved by bob, carol"],
  ["one person twice", TWO, saying("bob", "bob"), [], "wait", "waits for 1 more"],
  ["the author", TWO, saying("alice", "bob"), [], "wait", "waits for 1 more"],
  [
    "the author with other capitals",
    approvalRule(["Alice", "bob", "carol"], { count: 2 }),
    saying("Alice", "bob"),
    [],
    "wait",
    "waits for 1 more approval from carol",
  ],
  [
    "the author, where they may",
    approvalRule(NAMED, { count: 2, notAuthor: false }),
    saying("alice", "bob"),
    [],
    "allow",
    "approved by alice, bob",
  ],
  ["a stranger", TWO, saying("mallory", "bob"), [], "wait", "waits for 1 more"],
  [
    "another plan",
    TWO,
    facts(["bob", MONDAY, approval()], ["carol", MONDAY, approval("approve", { planHash: "x" })]),
    [],
    "wait",
    "waits for 1 more",
  ],
  [
    "another gate",
    TWO,
    facts(["bob", MONDAY, approval()], ["carol", MONDAY, approval("approve", { step: "other" })]),
    [],
    "wait",
    "waits for 1 more",
  ],
  [
    "a rejection",
    TWO,
    facts(
      ["bob", MONDAY, approval()],
      ["carol", MONDAY, approval()],
      ["dave", MONDAY, approval("reject", { reason: "the tests are red" })],
    ),
    [],
    "deny",
    "dave rejected it: the tests are red",
  ],
  [
    "a rejection that was taken back",
    TWO,
    facts(
      ["bob", MONDAY, approval("reject")],
      ["bob", MONDAY, approval()],
      ["carol", MONDAY, approval()],
    ),
    [],
    "allow",
    "approved by bob, carol",
  ],
  [
    "a rejection by a stranger",
    TWO,
    facts(["mallory", MONDAY, approval("reject")], ["bob", MONDAY, approval()]),
    [],
    "wait",
    "waits for 1 more",
  ],
  [
    "more people than there are",
    approvalRule(["alice", "bob"], { count: 2 }),
    saying("bob"),
    [],
    "wait",
    "2 must approve, and only 1 of those who are named may; alice made the release or asked",
  ],
  [
    "in somebody's place",
    TWO,
    saying("bob", "erin"),
    [away("carol", "erin")],
    "allow",
    "approved by bob, erin for carol",
  ],
  [
    "in somebody's place, no",
    TWO,
    facts(["erin", MONDAY, approval("reject", { reason: "no" })]),
    [away("carol", "erin")],
    "deny",
    "erin for carol rejected it: no",
  ],
  [
    "one person for two others",
    TWO,
    saying("erin"),
    [away("carol", "erin"), away("dave", "erin")],
    "wait",
    "waits for 1 more",
  ],
  [
    "one person for themselves and another",
    TWO,
    saying("bob"),
    [away("carol", "bob")],
    "wait",
    "waits for 1 more approval from carol, dave",
  ],
  [
    "two people for the same one",
    TWO,
    saying("erin", "frank"),
    [away("carol", "erin"), away("carol", "frank")],
    "wait",
    "waits for 1 more",
  ],
  [
    "whoever is away and who speaks for them",
    TWO,
    saying("carol", "erin"),
    [away("carol", "erin")],
    "wait",
    "waits for 1 more",
  ],
  [
    "places are given so that most of them count",
    TWO,
    saying("erin", "frank"),
    [away("carol", "erin"), away("dave", "erin"), away("carol", "frank")],
    "allow",
    "approved by frank for carol, erin for dave",
  ],
  [
    "the author for somebody",
    TWO,
    saying("bob", "alice"),
    [away("carol", "alice")],
    "wait",
    "waits for 1 more",
  ],
  [
    "in the author's place",
    TWO,
    saying("bob", "erin"),
    [away("alice", "erin")],
    "wait",
    "waits for 1 more",
  ],
  [
    "in the place of somebody who may not approve",
    TWO,
    saying("bob", "erin"),
    [away("mallory", "erin")],
    "wait",
    "waits for 1 more",
  ],
  [
    "handed on once more",
    TWO,
    saying("bob", "frank"),
    [away("carol", "erin"), away("erin", "frank")],
    "wait",
    "waits for 1 more",
  ],
  [
    "an absence that is over",
    TWO,
    saying("bob", "erin"),
    [away("carol", "erin", { until: NOW })],
    "wait",
    "waits for 1 more",
  ],
  [
    "an absence that somebody ended",
    TWO,
    saying("bob", "erin"),
    [away("carol", "erin", { ended: { by: "carol" as Actor, at: NOW, reason: "back" } })],
    "wait",
    "waits for 1 more",
  ],
  [
    "a word from before the absence",
    TWO,
    saying("bob", "erin"),
    [away("carol", "erin", { from: later(MONDAY, 1) })],
    "wait",
    "waits for 1 more",
  ],
  [
    "a word from before the absence was said, however far back that reaches",
    TWO,
    saying("bob", "erin"),
    [away("carol", "erin", { at: later(MONDAY, 1) })],
    "wait",
    "waits for 1 more",
  ],
  [
    "an absence elsewhere",
    TWO,
    saying("bob", "erin"),
    [away("carol", "erin", { environment: "staging" as EnvironmentName })],
    "wait",
    "waits for 1 more",
  ],
  [
    "an absence for another release",
    TWO,
    saying("bob", "erin"),
    [away("carol", "erin", { release: "hello@9" as ReleaseId })],
    "wait",
    "waits for 1 more",
  ],
];

for (const [name, rule, said, standing, kind, text] of TABLE) {
  test(`approval: ${name}`, () => {
    const result = judged(rule, said, standing);
    const [first] = result.reasons;
    assert.ok(first);
    assert.equal(result.kind, kind);
    assert.ok(first.text.startsWith(text), first.text);
  });
}

test("the numbers say how many approved and how many must", () => {
  const [first] = judged(TWO, saying("bob")).reasons;
  assert.deepEqual(first?.numbers, { approvals: 1, needed: 2 });
});

test("whoever began the run may not approve it, though another made the release", () => {
  const run = runOf("r-1", { by: "bob" as Actor });
  assert.deepEqual(eligible(TWO, run), ["carol", "dave"]);
});

test("an approval counts until its time is over, and `until` says when that is", () => {
  const rule = approvalRule(NAMED, { count: 2, expiresMs: HOUR });
  const said = facts(
    ["bob", MONDAY, approval()],
    ["carol", later(MONDAY, 10 * MINUTE), approval()],
  );
  const last = later(MONDAY, HOUR);
  const before = judged(rule, said, [], last);
  assert.deepEqual([before.kind, before.until], ["allow", later(last, 1)]);
  const after = judged(rule, said, [], later(last, 1));
  assert.equal(after.kind, "wait");
  assert.deepEqual(
    after.reasons.map(({ code }) => code),
    ["approval-missing", "approval-expired"],
  );
});

test("a rejection does not expire", () => {
  const rule = approvalRule(NAMED, { expiresMs: MINUTE });
  const said = facts(["bob", MONDAY, approval("reject")]);
  assert.equal(judged(rule, said, [], later(MONDAY, 24 * HOUR)).kind, "deny");
});

test("what was said in somebody's place counts as long as they are away", () => {
  const end = later(NOW, HOUR);
  const result = judged(TWO, saying("bob", "erin"), [away("carol", "erin", { until: end })]);
  assert.deepEqual([result.kind, result.until], ["allow", end]);
});

test("a no in somebody's place counts though the clock here is behind the absence", () => {
  const said = saying("mallory").map((fact) => ({ ...fact, verdict: "reject" }) as Fact);
  const absence = away("dave", "mallory", { from: MONDAY, at: MONDAY, until: later(MONDAY, HOUR) });
  assert.equal(judged(TWO, said, [absence], later(MONDAY, -200)).kind, "deny");
});

test("an approval that leaves a question open does not count, and says which", () => {
  const asks = [
    { name: "risk", text: "How risky?", type: "choice", options: ["low", "high"] },
    { name: "ticket", text: "Which ticket?", type: "text", options: [] },
    { name: "users", text: "How many users?", type: "number", options: [] },
    { name: "tested", text: "Did you try it?", type: "yesNo", options: [] },
  ] as const;
  const rule = approvalRule(NAMED, { asks });
  const whole = { risk: "low", ticket: "T-1", users: 3, tested: false };
  const open = (answers: Readonly<Record<string, string | number | boolean>>) =>
    judged(rule, facts(["bob", MONDAY, approval("approve", { answers })])).reasons[1]?.text ?? null;
  assert.equal(open(whole), null);
  for (const [name, wrong] of [
    ["risk", "none"],
    ["ticket", " "],
    ["users", Number.NaN],
    ["tested", "yes"],
  ] as const) {
    const text = `the approval of bob does not count: it does not answer "${name}"`;
    assert.equal(open({ ...whole, [name]: wrong }), text);
    const { [name]: _, ...without } = whole;
    assert.equal(open(without), text);
  }
});

test("one word counts for every rule of its gate for which its author may approve", () => {
  const rules = [
    { id: "approval-1", kind: "approval", approval: approvalRule(["bob", "carol"]) },
    { id: "approval-2", kind: "approval", approval: approvalRule(["bob", "dave"]) },
  ] as const;
  assert.equal(admit(asking(rules, { facts: saying("bob") }), NOW).kind, "allow");
  const half = admit(asking(rules, { facts: saying("carol") }), NOW);
  assert.deepEqual(
    half.results.map(({ rule, kind }) => [rule, kind]),
    [
      ["approval-1", "allow"],
      ["approval-2", "wait"],
    ],
  );
});

test("who may approve, and who counts, is told with the place it is for", () => {
  const said = given(TWO, saying("bob", "erin"), [away("carol", "erin")]);
  assert.deepEqual(
    approversOf(TWO, said, NOW).map(({ by, place }) => [by, place]),
    [
      ["bob", "bob"],
      ["carol", "carol"],
      ["dave", "dave"],
      ["erin", "carol"],
    ],
  );
  assert.deepEqual(
    countedApprovals(TWO, said, NOW).map(({ by, place }) => [by, place]),
    [
      ["bob", "bob"],
      ["erin", "carol"],
    ],
  );
});

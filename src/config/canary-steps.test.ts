// What is asked between the shares of a canary, as it is written and as it is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CanaryStrategy, Definitions } from "../core/playbook.ts";
import { Refusal } from "../core/refusal.ts";
import { warningsOf } from "./budgets.ts";
import { parseDefinitions } from "./parse.ts";

const HEAD = `kind: Group
name: managers
members: [alice, bob]
---
kind: Checklist
name: seen
items: [looked]
---
kind: Playbook
name: p
`;

const parse = (steps: string, more = ""): Definitions =>
  parseDefinitions([
    { path: "a.yaml", text: `${HEAD}${more}deploy:\n  - canary:\n      steps: ${steps}\n` },
  ]);

const canaryOf = ({ playbooks }: Definitions): CanaryStrategy => {
  const strategy = playbooks[0]?.deploy.find((item) => item.kind === "strategy")?.strategy;
  return strategy?.kind === "canary" ? strategy : assert.fail();
};

const faults = (steps: string, more = ""): readonly (readonly [string, string])[] => {
  try {
    parse(steps, more);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.bodies.map(({ code, where = "" }) => [code, where.replace(/^a\.yaml:\d+ /u, "")]);
  }
  return [];
};

const AT = "deploy[0].canary.steps";

test("shares alone are shares, and nothing is asked", () => {
  const { weights, stops } = canaryOf(parse("[5%, 100%]"));
  assert.deepEqual([weights, stops], [[50, 1000], []]);
});

test("a share says what is asked before it, with people in place of groups", () => {
  const look = "{ manual: { name: look, instructions: Look., from: [managers] } }";
  const before = `[{ approval: { from: [managers] } }, ${look}]`;
  const text = `[5%, { weight: 25%, before: ${before}, within: 4h, onLate: back }, 100%]`;
  const { weights, stops } = canaryOf(parse(text));
  assert.deepEqual(weights, [50, 250, 1000]);
  assert.equal(stops.length, 1);
  const [stop] = stops;
  assert.deepEqual([stop?.before, stop?.withinMs, stop?.onLate], [250, 14_400_000, "back"]);
  const [approval, manual] = stop?.actions ?? [];
  assert.deepEqual(approval?.kind === "approval" && approval.approval.from, ["alice", "bob"]);
  assert.deepEqual(manual?.kind === "manual" && manual.from, ["alice", "bob"]);
  assert.equal("index" in (stop ?? {}), false);
});

test("what is left out has its default: a week, and nothing goes back for lateness", () => {
  const [stop] = canaryOf(parse("[{ weight: 100%, before: [{ checklist: seen }] }]")).stops;
  assert.deepEqual([stop?.withinMs, stop?.onLate], [7 * 86_400_000, "hold"]);
  assert.equal(stop?.actions[0]?.kind === "checklist" && stop.actions[0].checklist.name, "seen");
});

const WRONG: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ["no weight", "[{ before: [{ checklist: seen }] }, 100%]", [["missing-key", `${AT}[0]`]]],
  ["nothing asked", "[{ weight: 5% }, 100%]", [["missing-key", `${AT}[0]`]]],
  ["an empty list", "[{ weight: 5%, before: [] }, 100%]", [["wrong-length", `${AT}[0].before`]]],
  [
    "a task, which changes something",
    "[{ weight: 5%, before: [{ task: { name: x, command: [x] } }] }, 100%]",
    [
      ["unknown-key", `${AT}[0].before[0].task`],
      ["one-of", `${AT}[0].before[0]`],
    ],
  ],
  [
    "two in one item",
    "[{ weight: 5%, before: [{ checklist: seen, changeRecord: {} }] }, 100%]",
    [["one-of", `${AT}[0].before[0]`]],
  ],
  [
    "a weight without its unit",
    "[{ weight: 5, before: [{ checklist: seen }] }, 100%]",
    [["bad-percent", `${AT}[0].weight`]],
  ],
  [
    "a mistyped key",
    "[{ weigth: 5%, before: [{ checklist: seen }] }, 100%]",
    [
      ["missing-key", `${AT}[0]`],
      ["unknown-key", `${AT}[0].weigth`],
    ],
  ],
  [
    "shares that do not rise",
    "[{ weight: 50%, before: [{ checklist: seen }] }, 20%, 100%]",
    [["weights-not-rising", `${AT}[1]`]],
  ],
  [
    "an unknown checklist",
    "[5%, { weight: 100%, before: [{ checklist: sen }] }]",
    [["unknown-checklist", `${AT}[1].before[0].checklist`]],
  ],
  [
    "an unknown calendar",
    "[5%, { weight: 100%, before: [{ window: days }] }]",
    [["unknown-calendar", `${AT}[1].before[0].window`]],
  ],
  [
    "more approvals than people",
    "[5%, { weight: 100%, before: [{ approval: { from: [managers], count: 3 } }] }]",
    [["too-few-people", `${AT}[1].before[0].approval.count`]],
  ],
  [
    "the same checklist twice at one moment",
    "[5%, { weight: 100%, before: [{ checklist: seen }, { checklist: seen }] }]",
    [["duplicate-name", `${AT}[1].before[1].checklist`]],
  ],
];

for (const [what, steps, expected] of WRONG) {
  test(`${what} is told at its place`, () => {
    const found = faults(steps);
    assert.deepEqual(
      found.map(([code]) => code).toSorted(),
      expected.map(([code]) => code).toSorted(),
    );
    for (const [code, where] of expected) {
      assert.ok(
        found.some((one) => one[0] === code && one[1].startsWith(where)),
        `${code} ${where} in ${JSON.stringify(found)}`,
      );
    }
  });
}

test("a manual step between two shares needs a name that no other step has", () => {
  const look = "{ manual: { name: look, instructions: Look., from: [alice] } }";
  const found = faults(`[5%, { weight: 100%, before: [${look}] }]`, `before: [${look}]\n`);
  assert.deepEqual(found, [["duplicate-name", `${AT}[1].before[0].manual.name`]]);
});

test("who is in no group is told of as everywhere", () => {
  const approval = "{ approval: { from: [managers, zoe] } }";
  const warnings = warningsOf(parse(`[5%, { weight: 100%, before: [${approval}] }]`));
  assert.deepEqual(
    warnings.map(({ code, message }) => [code, message.split(" ")[0]]),
    [["in-no-group", "zoe"]],
  );
});

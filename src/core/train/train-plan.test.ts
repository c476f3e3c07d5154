// The plan of a train: who goes after whom, near and far, and what its gates ask.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import { approvalRule } from "../decide.testing.ts";
import type { EnvironmentName, ServiceName } from "../ids.ts";
import type { Takes, TrainDefinition } from "../playbook.ts";
import type { TrainMember } from "../step.ts";
import { trainPlan } from "./train-plan.ts";
import { trainDefinition, trainRelease } from "./train.testing.ts";

const STAGING = "staging" as EnvironmentName;
const TAKES: Takes = {
  from: { kind: "environment", name: STAGING },
  how: "manual",
  approval: null,
  calendar: null,
  emergency: null,
};

const planOf = (train: TrainDefinition, services: readonly string[]) =>
  trainPlan({
    service: train.name,
    environment: "production" as EnvironmentName,
    train,
    takes: TAKES,
    release: trainRelease(services),
    from: null,
  });

const membersOf = (train: TrainDefinition, services: readonly string[]): readonly TrainMember[] =>
  planOf(train, services).steps.flatMap((step) => (step.kind === "train" ? step.members : []));

test("a member waits for those that the absent one between them would have waited for", () => {
  const train = trainDefinition({ web: ["api"], api: ["auth"], auth: [] });
  assert.deepEqual(
    membersOf(train, ["web", "auth"]).map(({ service, after }) => [service, after]),
    [
      ["auth", []],
      ["web", ["auth"]],
    ],
  );
});

test("a release of a service that is no member is refused with what was meant", () => {
  const train = trainDefinition({ api: [] });
  assert.throws(() => planOf(train, ["apo"]), { code: "not-a-member", message: /mean api/ });
});

test("gates stand together before and after, and people between them", () => {
  const look = { kind: "manual", name: "look", instructions: "look", from: [] } as const;
  const approval = { kind: "approval", approval: approvalRule(["bob"]) } as const;
  const before = [approval, look, { kind: "changeRecord" } as const];
  const train = trainDefinition({ api: [] }, { before, after: [approval, look] });
  const { steps } = planOf(train, ["api"]);
  assert.deepEqual(
    steps.map(({ id }) => id),
    ["entry", "before-look", "before-gate-2", "train", "after-gate-1", "after-look"],
  );
});

test("a train asks for staging where it stops there; otherwise each member is asked", () => {
  const rules = (environments: readonly EnvironmentName[]) =>
    planOf(trainDefinition({ api: [] }, { environments }), ["api"]).steps.flatMap((step) =>
      step.kind === "gate" ? step.rules.map(({ id }) => id) : [],
    );
  const production = "production" as EnvironmentName;
  assert.deepEqual(rules([STAGING, production]), ["no-freeze", "verified-in-staging"]);
  assert.deepEqual(rules([production]), ["no-freeze"]);
});

test("every member comes after all those it depends on, whatever the order of writing", () => {
  const names = ["a", "b", "c", "d", "e"] as ServiceName[];
  const edges = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 12 });
  const order = fc.shuffledSubarray(names, { minLength: 5 });
  fc.assert(
    fc.property(edges, order, fc.subarray(names, { minLength: 1 }), (pairs, written, going) => {
      const after = (name: ServiceName): readonly string[] =>
        pairs.flatMap(([x, y]) => (x > y && names[x] === name ? (names[y] ?? []) : []));
      const train = trainDefinition(Object.fromEntries(written.map((one) => [one, after(one)])));
      const members = membersOf(train, going);
      assert.deepEqual(members.map(({ service }) => service).toSorted(), going.toSorted());
      for (const [index, member] of members.entries()) {
        const earlier = members.slice(0, index).map(({ service }) => service);
        assert.ok(member.after.every((one) => earlier.includes(one)));
      }
    }),
  );
});

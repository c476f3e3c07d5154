// What playbooks compile to, step by step.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, ROLLING, planOf, playbook, release } from "./decide.testing.ts";
import type { DeployItem } from "./playbook.ts";
import { rollbackPlan } from "./rollback-plan.ts";
import { RUNTIME, condition } from "./decide.testing.ts";

const ids = (deploy: readonly DeployItem[], from: string | null): readonly string[] =>
  planOf("1.1", from, playbook(deploy)).steps.map((step) => step.id);

test("a canary prepares what each share needs before it shifts, and bakes after", () => {
  const steps = planOf("1.1", "1.0", playbook([CANARY])).steps;
  assert.deepEqual(steps.map((step) => step.id), [
    "entry",
    "prepare-5", "shift-5", "bake-5",
    "prepare-25", "shift-25", "bake-25",
    "prepare-100", "shift-100", "stability",
    "retire",
  ]);
  const instances = steps.flatMap((step) => (step.kind === "prepare" ? [step.instances] : []));
  assert.deepEqual(instances, [1, 1, 4]);
});

test("every strategy installs a first release at full capacity in one shift", () => {
  assert.deepEqual(ids([CANARY], null), ["entry", "prepare-100", "shift-100", "stability"]);
  assert.deepEqual(ids([ROLLING], null), ["entry", "prepare-100", "shift-100", "stability"]);
});

test("a rolling update replaces in place and has no slot to retire", () => {
  assert.deepEqual(ids([ROLLING], "1.0"), ["entry", "replace", "stability"]);
});

test("shares are rounded as Kubernetes rounds them, and there is always room to move", () => {
  const strategy = ROLLING.kind === "strategy" ? ROLLING.strategy : null;
  assert.ok(strategy?.kind === "rolling");
  const share = (percent: number) => ({ kind: "share" as const, percent });
  const rolling = (maxSurge: number, maxUnavailable: number) => {
    const item: DeployItem = {
      kind: "strategy",
      strategy: { ...strategy, maxSurge: share(maxSurge), maxUnavailable: share(maxUnavailable) },
    };
    const step = planOf("1.1", "1.0", playbook([item])).steps[1];
    assert.ok(step?.kind === "replace");
    return [step.maxSurge, step.maxUnavailable];
  };
  assert.deepEqual(rolling(30, 30), [2, 1]);
  assert.deepEqual(rolling(0, 10), [1, 0]);
  assert.deepEqual(rolling(0, 100), [0, 4]);
});

test("what compares with a baseline is left out where there is nothing to compare with", () => {
  const book = playbook([CANARY], {
    rollback: {
      when: [condition("p95 > 2x baseline"), condition("errorRate > 1%")],
      keepFailedMs: 0,
      withinMs: 1,
      tier: "immediate",
    },
  });
  assert.deepEqual(planOf("1.1", null, book).triggers.map((one) => one.text), ["errorRate > 1%"]);
  assert.equal(planOf("1.1", "1.0", book).triggers.length, 2);
});

test("the hash is the same for the same content and another for any change", () => {
  const plan = planOf("1.1", "1.0", playbook([CANARY]));
  assert.equal(planOf("1.1", "1.0", playbook([CANARY])).hash, plan.hash);
  assert.notEqual(planOf("1.2", "1.0", playbook([CANARY])).hash, plan.hash);
  assert.notEqual(planOf("1.1", "0.9", playbook([CANARY])).hash, plan.hash);
  assert.match(plan.hash, /^sha256:[0-9a-f]{64}$/);
});

test("a rollback plan has capacity before traffic and asks nobody", () => {
  const current = planOf("1.1", "1.0", playbook([CANARY]));
  const plan = rollbackPlan({
    current,
    to: { release: release("1.0"), runtime: RUNTIME },
    from: { release: release("1.1"), runtime: RUNTIME },
    keepFailedMs: 5_000,
  });
  assert.deepEqual(plan.steps.map((step) => step.kind), ["prepare", "shift", "retire"]);
  assert.deepEqual(plan.triggers, []);
  assert.equal(plan.from?.id, "hello@1.1");
  assert.equal("hash" in plan && plan.hash !== current.hash, true);
});

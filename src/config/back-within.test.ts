// How long a way back may take, as it is written: one time for all tiers, or one for each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../core/refusal.ts";
import { parseDefinitions } from "./parse.ts";

const MINUTE = 60_000;

const read = (within: string) => {
  const text = `kind: Playbook\nname: web\ndeploy: [{ recreate: {} }]\nrollback:\n  ${within}\n`;
  const [playbook] = parseDefinitions([{ path: "a.yaml", text }]).playbooks;
  const { withinMs, tierWithinMs } = playbook?.rollback ?? {};
  return { withinMs, tierWithinMs };
};

const refusal = (within: string): string => {
  try {
    read(within);
  } catch (error) {
    assert.ok(error instanceof Refusal);
    const [body] = error.bodies;
    return `${body?.code} ${body?.where}: ${body?.message}`;
  }
  return assert.fail("it was taken");
};

test("one time holds for every tier", () => {
  assert.deepEqual(read("within: 7m"), { withinMs: 7 * MINUTE, tierWithinMs: undefined });
  assert.deepEqual(read("tier: full"), { withinMs: 5 * MINUTE, tierWithinMs: undefined });
});

test("each tier has its own, and one by itself that of its own tier", () => {
  const [immediate, gradual, full] = [5 * MINUTE, 30 * MINUTE, 120 * MINUTE];
  const times = "within: { immediate: 5m, gradual: 30m, full: 2h }";
  const tierWithinMs = { immediate, gradual, full };
  assert.deepEqual(read(times), { withinMs: immediate, tierWithinMs });
  assert.deepEqual(read(`${times}\n  tier: full`), { withinMs: full, tierWithinMs });
});

test("what is left out has as long as the tier before it", () => {
  const { tierWithinMs } = read("within: { gradual: 30m }");
  assert.deepEqual(tierWithinMs, {
    immediate: 5 * MINUTE,
    gradual: 30 * MINUTE,
    full: 30 * MINUTE,
  });
});

test("a tier that has less time than what is a part of it is refused", () => {
  assert.equal(
    refusal("within: { immediate: 5m, gradual: 2m }"),
    "within-not-rising a.yaml:5 rollback.within.gradual: " +
      "expected at least 5m, as immediate, found 2m",
  );
  assert.match(refusal("within: { quick: 2m }"), /^unknown-key .*quick/u);
  assert.match(refusal("within: [5m]"), /rollback\.within/u);
});

test("a train says it the same way", () => {
  const text =
    "kind: Train\nname: shop\nenvironments: [production]\nmembers: [{ service: web }]\n" +
    "rollback: { within: { gradual: 10m } }\n";
  assert.throws(
    () => parseDefinitions([{ path: "a.yaml", text }]),
    (error: unknown) =>
      error instanceof Refusal &&
      error.bodies.some(({ code, where }) => code === "within-not-rising" && where !== undefined),
  );
});

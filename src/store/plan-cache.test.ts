// What the cache of plans keeps and lets go.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { RunId } from "../core/ids.ts";
import { planFor } from "../ports/store.testing.ts";
import { planCache } from "./plan-cache.ts";

const run = (n: number): RunId => `r-${n}` as RunId;
const plan = (n: number) => planFor("hello", `1.${n}.0`);

void test("a plan is known by its run until newer ones push it out", () => {
  const cache = planCache(2);
  cache.put(run(1), plan(1));
  cache.put(run(2), plan(2));
  assert.equal(cache.hashFor(run(1)), plan(1).hash);
  cache.put(run(1), plan(1));
  cache.put(run(3), plan(3));
  assert.equal(cache.hashFor(run(2)), null);
  assert.equal(cache.get(plan(2).hash), undefined);
  assert.deepEqual(cache.get(plan(1).hash), plan(1));
});

void test("a run that was planned anew has its new plan", () => {
  const cache = planCache(5);
  cache.put(run(1), plan(1));
  cache.put(run(1), plan(2));
  assert.equal(cache.hashFor(run(1)), plan(2).hash);
});

// The simulated target keeps the contract of every target.

import assert from "node:assert/strict";
import { test } from "node:test";

import { later, releaseId, type Digest, type EnvironmentName, type RunId } from "../../core/ids.ts";
import type { Cohort, EffectKey } from "../../core/effect.ts";
import { targetContract } from "../../ports/target.contract.ts";
import { chance } from "../prng.ts";
import { AUTHOR, SERVICE } from "../roster.ts";
import { runtimeOf } from "../scenario.ts";
import { timeline, type Timeline } from "../timeline.ts";
import type { Quality } from "./quality.ts";
import { simTarget, type SimTarget } from "./target.ts";

const GOOD: Quality = {
  readyAfterMs: 1_000,
  crashAfterMs: null,
  errorPercent: 0,
  p95Ms: 50,
  cpuPercent: 10,
};

const make = (quality: Quality): { readonly time: Timeline; readonly target: SimTarget } => {
  const time = timeline(chance(1, "time"));
  const options = { time, chance: chance(1, "target"), changed: () => undefined, fenced: true };
  return { time, target: simTarget({ ...options, qualityOf: () => quality }) };
};

const cohort = (version: string, instances: number): Cohort => ({
  release: { id: releaseId(SERVICE, version), artifact: "sha256:0" as Digest, author: AUTHOR },
  runtime: runtimeOf(chance(1, "runtime")),
  instances,
});

const LANE = { service: SERVICE, environment: "production" as EnvironmentName };
const KEY: EffectKey = { ...LANE, run: "r" as RunId, generation: 1, ordinal: 0 };
const PATIENCE_MS = 60_000;

let lanes = 0;

targetContract("simulated target", () => {
  const { time, target } = make(GOOD);
  return {
    target: {
      observe: async (lane) => target.observe(lane),
      apply: async (key, spec) => target.apply(key, spec),
    },
    newLane: () => {
      lanes += 1;
      return { service: SERVICE, environment: `e${lanes}` as EnvironmentName };
    },
    cohort,
    until: async (what, question) => {
      const end = later(time.now(), PATIENCE_MS);
      while (!(await question())) {
        if (!time.advance(end)) throw new Error(`waited in vain for ${what}`);
      }
    },
  };
});

test("an instance that dies comes back by itself", () => {
  const { time, target } = make(GOOD);
  target.apply(KEY, { slot: "blue", cohorts: [cohort("1.0.0", 2)] });
  while (target.ready(LANE, "blue") < 2) assert.ok(time.advance(later(time.now(), PATIENCE_MS)));
  assert.equal(target.kill(1), 1);
  assert.equal(target.ready(LANE, "blue"), 1);
  while (target.ready(LANE, "blue") < 2) assert.ok(time.advance(later(time.now(), PATIENCE_MS)));
  const restarts = target.observe(LANE).slots.blue.instances.map((one) => one.restarts);
  assert.deepEqual(new Set(restarts), new Set([0, 1]));
});

test("a release that never gets ready keeps starting", () => {
  const { time, target } = make({ ...GOOD, readyAfterMs: null });
  target.apply(KEY, { slot: "blue", cohorts: [cohort("1.0.0", 1)] });
  while (time.advance(later(time.now(), PATIENCE_MS)));
  assert.equal(target.observe(LANE).slots.blue.instances[0]?.phase, "starting");
});

// What the control plane says of its own clock.

import assert from "node:assert/strict";
import { test } from "node:test";
import { planeHealth } from "./plane-health.ts";

const HOUR = 3_600_000;

const clockOf = async (clock: () => Promise<number>) => {
  const database = { ping: async () => {}, clock, notedVerdict: async () => null };
  const keeper = { trouble: () => null };
  const { ready, checks } = await planeHealth(database, keeper, { broken: () => new Map() })();
  const { ok, detail } = checks.find(({ name }) => name === "clock") ?? {};
  return { ready, ok, detail };
};

test("a clock that is not the database's is told, and keeps nobody from working", async () => {
  const behind = await clockOf(async () => Date.now() + HOUR);
  const detail = "it is 1h behind the database's: set both right";
  assert.deepEqual(behind, { ready: true, ok: false, detail });
  const ahead = await clockOf(async () => Date.now() - 24 * HOUR);
  assert.equal(ahead.detail, "it is 1d ahead of the database's: set both right");
  const same = await clockOf(async () => Date.now() + 2_000);
  assert.deepEqual([same.ok, same.detail], [true, "agrees with the database's"]);
});

test("where the database is away, its own check says so", async () => {
  const away = await clockOf(async () => {
    throw new Error("away");
  });
  assert.deepEqual([away.ok, away.detail], [true, "not compared"]);
});

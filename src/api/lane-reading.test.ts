// A lane as the table shows it, from what is stored and seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReleaseId } from "../core/ids.ts";
import type { Lane } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import { readLane } from "./lane-reading.ts";
import type { ApiParts } from "./parts.ts";
import { sampleRun, sampleWorld } from "./sample-parts.testing.ts";
import { NOW } from "./sample-plan.testing.ts";

const { service, environment } = sampleRun();
const key = { service, environment };

test("target and router are counted by slot", async () => {
  const { parts } = sampleWorld();
  const view = await readLane(parts, key, [], AbortSignal.timeout(1_000));
  assert.deepEqual(view.seen, {
    kind: "seen",
    restarts: 0,
    slots: {
      blue: { ready: 0, wanted: 4, weight: 950 },
      green: { ready: 0, wanted: 0, weight: 50 },
    },
  });
  assert.deepEqual([view.run?.id, view.stable?.release], ["r1a2b3c4", "hello@1.0.0"]);
});

test("in the lane of a train nothing is counted", async () => {
  const plan = { ...sampleRun().plan, strategy: "train" as const };
  const view = await readStored(null, [sampleRun({ plan })]);
  assert.deepEqual(view.seen, { kind: "none" });
});

test("why instances are not ready, and why nothing is served, is told once each", async () => {
  const { parts } = sampleWorld();
  const secret = "secret:env/DB is not there: set SLUICE_SECRET_DB";
  const port = "127.0.0.1:80 is in use by nginx (process 7)";
  const seen = await parts.operations.observeLane(key, AbortSignal.timeout(1_000));
  assert.ok(seen.target.kind === "seen" && seen.router.kind === "seen");
  const one = { id: "i", release: "hello@1.0.0" as ReleaseId, restarts: 0 } as const;
  const instances = [
    { ...one, phase: "backoff", trouble: secret },
    { ...one, phase: "backoff", trouble: secret },
    { ...one, phase: "ready", trouble: "of before" },
  ] as const;
  const { slots } = seen.target.value;
  const blue = { ...slots.blue, instances };
  const target = { ...seen.target, value: { ...seen.target.value, slots: { ...slots, blue } } };
  const router = { ...seen.router, value: { ...seen.router.value, trouble: port } };
  const operations = { ...parts.operations, observeLane: async () => ({ target, router }) };
  const view = await readLane({ ...parts, operations }, key, [], AbortSignal.timeout(1_000));
  assert.deepEqual(view.seen.kind === "seen" ? view.seen.trouble : null, [port, secret]);
});

test("a look that takes too long is told as not seen", async () => {
  const { parts } = sampleWorld();
  const operations = {
    ...parts.operations,
    observeLane: () => new Promise<never>(() => undefined),
  };
  const view = await readLane({ ...parts, operations }, key, [], AbortSignal.timeout(10));
  assert.equal(view.seen.kind, "unseen");
});

test("a lane where nothing ever ran is there, and empty", async () => {
  const view = await readStored(null, []);
  assert.deepEqual([view.stable, view.run, view.last, view.queued], [null, null, null, 0]);
});

test("the last outcome is that of a run that was not superseded", async () => {
  const ended = (outcome: "superseded" | "rolledBack") =>
    sampleRun({ settled: { outcome, at: NOW }, state: { kind: "ended", outcome, at: NOW } });
  const queued = sampleRun({ state: { kind: "queued" } });
  const view = await readStored(null, [queued, ended("superseded"), ended("rolledBack")]);
  assert.deepEqual([view.last?.outcome, view.queued], ["rolledBack", 1]);
});

const readStored = (lane: Lane | null, runs: readonly Run[]) => {
  const { parts } = sampleWorld();
  const stored: ApiParts = {
    ...parts,
    lanes: { ...parts.lanes, get: async () => lane },
    history: { ...parts.history, list: async () => runs },
  };
  return readLane(stored, key, [], AbortSignal.timeout(1_000));
};

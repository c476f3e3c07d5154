// What becomes of a once effect when its process stops, and when the store is away for a moment.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EffectKey, EffectOutcome, EffectRecord, OnceEffect } from "../core/effect.ts";
import { release } from "../core/decide.testing.ts";
import { instant, later } from "../core/ids.ts";
import { carryOut } from "./carry-out.ts";
import { DEFAULT_LIMITS } from "./parts.ts";
import type { ShellParts } from "./parts.ts";

const KEY = { run: "r-1", generation: 1, ordinal: 0 } as EffectKey;

const PROMOTE: OnceEffect = { kind: "promote", environment: "live", release: release("1.1") };

const command = (repeatable: boolean): OnceEffect => ({
  kind: "task",
  step: "deploy-migrate",
  attempt: 1,
  task: { kind: "command", command: ["migrate"], env: {} },
  slot: "green",
  release: release("1.1"),
  deadlineMs: 1_000,
  repeatable,
});

/** Outcomes that were kept, after carrying out the effect. */
const kept = async (
  body: OnceEffect,
  work: Partial<Pick<ShellParts, "promote" | "tasks" | "runs">>,
  signal: AbortSignal,
  slow: { readonly claimMs: number; readonly still: boolean } = { claimMs: 0, still: true },
): Promise<readonly EffectOutcome[]> => {
  const outcomes: EffectOutcome[] = [];
  const record: EffectRecord = { effect: { key: KEY, body }, state: "pending", outcome: null };
  let now = instant(1);
  const parts = {
    world: {
      now: () => now,
      sleep: () => new Promise<void>((resolve) => void setImmediate(resolve)),
    },
    effects: {
      get: async () => record,
      claim: async () => {
        now = later(now, slow.claimMs);
        return true;
      },
      beat: async () => slow.still,
      finish: async (_: string, outcome: EffectOutcome) => void outcomes.push(outcome),
    },
    runs: { load: async () => null },
    limits: DEFAULT_LIMITS,
    ...work,
  } as unknown as ShellParts;
  await carryOut(parts, "r-1/1/0", signal);
  return outcomes;
};

const cutOff: ShellParts["tasks"] = {
  run: async () => ({ kind: "unknown", why: "the control plane stopped while it ran" }),
};

test("what a shutdown cut off is left to another process where it may be repeated", async () => {
  const stopped = AbortSignal.abort();
  assert.deepEqual(await kept(command(true), { tasks: cutOff }, stopped), []);
  const once = await kept(command(false), { tasks: cutOff }, stopped);
  assert.deepEqual(once.map(({ kind }) => kind), ["unknown"]);
});

test("a promotion is asked for again while the store is away", async () => {
  let times = 0;
  const promote = async (): Promise<EffectOutcome> => {
    times += 1;
    if (times < 4) throw new Error("connection refused");
    return { kind: "applied", detail: "r-2" };
  };
  const outcomes = await kept(PROMOTE, { promote }, new AbortController().signal);
  assert.deepEqual(outcomes, [{ kind: "applied", detail: "r-2" }]);
});

test("a promotion that always fails comes to an end, and says so", async () => {
  const promote = () => Promise.reject(new Error("no"));
  const outcomes = await kept(PROMOTE, { promote }, new AbortController().signal);
  assert.deepEqual(outcomes, [{ kind: "unknown", why: "no" }]);
});

test("a task is not begun once more behind the back of a run that went on without it", async () => {
  const ended = { state: { kind: "ended", outcome: "rolledBack", at: instant(1) } };
  const load = async () => ({ run: ended });
  const runs = { load } as unknown as ShellParts["runs"];
  const tasks = { run: () => Promise.reject(new Error("it was begun")) };
  const outcomes = await kept(command(true), { runs, tasks }, new AbortController().signal);
  const [outcome] = outcomes;
  assert.ok(outcome?.kind === "unknown");
  assert.match(outcome.why, /^called off/u);
});

test("who stood still after a claim begins only what nobody else was given meanwhile", async () => {
  const done: EffectOutcome = { kind: "applied", detail: null };
  const tasks: ShellParts["tasks"] = { run: async () => done };
  const { signal } = new AbortController();
  const claimMs = DEFAULT_LIMITS.lostAfterMs;
  const lost = await kept(command(true), { tasks }, signal, { claimMs, still: false });
  assert.deepEqual(lost, []);
  const ours = await kept(command(true), { tasks }, signal, { claimMs, still: true });
  assert.deepEqual(ours, [done]);
  const quick = { claimMs: claimMs - 1, still: false };
  assert.deepEqual(await kept(command(true), { tasks }, signal, quick), [done]);
});

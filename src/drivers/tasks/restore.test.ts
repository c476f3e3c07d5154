// A restore as a task: what is tried again by itself, and what waits for a person.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EffectKey } from "../../core/effect.ts";
import type { RunId } from "../../core/ids.ts";
import type { TaskSpec } from "../../core/task-spec.ts";
import type { PutBack, PutBackRequest } from "../../ports/backups.ts";
import { runRestore } from "./restore.ts";

const SPEC = {
  kind: "restore",
  target: { database: "main", environment: null, address: "", policy: {} },
  backup: { id: "main.20261121-063000-abcdef", digest: "d" },
  writers: "refuse",
} as unknown as Extract<TaskSpec, { kind: "restore" }>;
const KEY = { run: "r-1" as RunId, generation: 4, ordinal: 2 } as EffectKey;

const run = async (ended: PutBack, more: Partial<typeof SPEC> = {}, stopped = false) => {
  const asked: PutBackRequest[] = [];
  const backups = {
    putBack: async (_: unknown, request: PutBackRequest) => (asked.push(request), ended),
  };
  const signal = stopped ? AbortSignal.abort() : new AbortController().signal;
  const task = { ...SPEC, ...more };
  return { asked, outcome: await runRestore(backups, { key: KEY, step: "undo", task, signal }) };
};

const DONE = { kind: "done", before: false, kept: "app_before_r_1", saved: "main.x" } as const;
const FAILED = { kind: "failed", code: "c", why: "no", again: false } as const;

test("every attempt of one step is one order", async () => {
  const { asked, outcome } = await run(DONE);
  assert.deepEqual(
    asked.map(({ order }) => order),
    ["r-1/undo"],
  );
  assert.equal(outcome.kind, "applied");
  assert.match(outcome.kind === "applied" ? (outcome.detail ?? "") : "", /kept as app_before_r_1/);
});

test("what may be tried again is, and the rest waits for a person", async () => {
  assert.equal((await run({ ...FAILED, again: true })).outcome.kind, "refused");
  assert.equal((await run(FAILED)).outcome.kind, "stalled");
});

test("a shutdown in the middle is no failure", async () => {
  assert.equal((await run(FAILED, {}, true)).outcome.kind, "unknown");
  assert.equal((await run(DONE, {}, true)).outcome.kind, "applied");
});

test("without its backup nothing is touched, and a person is asked", async () => {
  const { asked, outcome } = await run(DONE, { backup: null });
  assert.deepEqual([outcome.kind, asked], ["stalled", []]);
});

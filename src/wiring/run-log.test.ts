// The log's lines about runs, as whoever was woken reads them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, planOf, playbook } from "../core/decide.testing.ts";
import type { RunEvent } from "../core/decision.ts";
import { newRun } from "../core/new-run.ts";
import { newRun as asked } from "../ports/store.testing.ts";
import { runLog } from "./run-log.ts";

type Line = { readonly level: string; readonly text: string } & Readonly<Record<string, unknown>>;

const listening = () => {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, text: string) =>
    void lines.push({ ...fields, level, text });
  const log = { info: at("info"), warn: at("warn"), error: at("error") };
  return { lines, hear: runLog(log as unknown as Parameters<typeof runLog>[0]) };
};

const plan = planOf("1.1", null, playbook([CANARY]));
const run = newRun({ ...asked("r-1"), plan, seq: 1 });
const event = (type: string, step: string | null, text: string): RunEvent => ({
  type,
  step,
  reasons: [{ code: "because", text }],
});
const ABOUT = {
  run: "r-1",
  lane: `${run.service}.${run.environment}`,
  release: plan.release.id,
};

void test("what people care about is a line each, and the rest is left to the run's events", () => {
  const { lines, hear } = listening();
  const events = [
    event("step.done", "prepare-1", "2 of 2 are ready"),
    event("watch.ordered-again", "shift-1", "not seen yet"),
    event("run.stalled", "verify-1", "nobody answers"),
  ];
  hear({ run, events, broken: [] });
  assert.deepEqual(lines, [
    { ...ABOUT, level: "info", text: "step.done", step: "prepare-1", why: "2 of 2 are ready" },
    { ...ABOUT, level: "warn", text: "run.stalled", step: "verify-1", why: "nobody answers" },
  ]);
});

void test("a broken invariant is logged with its name and sentence, once a run", () => {
  const { lines, hear } = listening();
  const broken = [{ name: "weights-sum", sentence: "weights sum to 1050" }];
  hear({ run, events: [], broken });
  hear({ run, events: [], broken });
  assert.deepEqual(lines, [
    {
      ...ABOUT,
      level: "error",
      invariant: "weights-sum",
      text: "an invariant is broken: weights sum to 1050",
    },
  ]);
});

void test("a reason of any length is one line of a bounded one", () => {
  const { lines, hear } = listening();
  hear({ run, events: [event("run.ended", null, "x".repeat(100_000))], broken: [] });
  assert.ok(String(lines[0]?.["why"]).length < 600);
});

// That admission is run through, and that nobody waits for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../core/ids.ts";
import { warmAdmission } from "./warm-admission.ts";

const now = () => instant(Date.UTC(2026, 10, 21));

test("a question a while, then it is over", async () => {
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => void slept.push(ms);
  await warmAdmission({ now, sleep }, new AbortController().signal);
  assert.deepEqual([slept.length, slept[0], slept[1]], [101, 1_000, 20]);
});

test("told to stop, it asks no more", async () => {
  const stopping = new AbortController();
  let sleeps = 0;
  const sleep = async (): Promise<void> => {
    sleeps += 1;
    if (sleeps === 3) stopping.abort();
  };
  await warmAdmission({ now, sleep }, stopping.signal);
  assert.equal(sleeps, 3);
});

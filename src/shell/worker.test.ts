// Wake-ups of one run, one at a time.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunId } from "../core/ids.ts";
import { oneAtATime } from "./worker.ts";

const RUN = "r-1" as RunId;

test("wake-ups during a pass become one more pass after it, and never two at once", async () => {
  const gates: (() => void)[] = [];
  let running = 0;
  let begun = 0;
  const wake = oneAtATime(async () => {
    begun += 1;
    running += 1;
    assert.equal(running, 1);
    await new Promise<void>((resolve) => gates.push(resolve));
    running -= 1;
  });
  const all = [wake(RUN), wake(RUN), wake(RUN), wake(RUN)];
  assert.equal(begun, 1);
  gates[0]?.();
  await all[0];
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(begun, 2);
  gates[1]?.();
  await Promise.all(all);
  assert.equal(begun, 2);
  const later = wake(RUN);
  assert.equal(begun, 3);
  gates[2]?.();
  await later;
});

test("a pass that fails does not keep the next from beginning", async () => {
  let calls = 0;
  const wake = oneAtATime(async () => {
    calls += 1;
    if (calls === 1) throw new Error("no");
  });
  const first = wake(RUN);
  const second = wake(RUN);
  await assert.rejects(first);
  await second;
  assert.equal(calls, 2);
});

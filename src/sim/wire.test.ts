// Each fault does to a call what its name says, and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { instant, later } from "../core/ids.ts";
import { deadlines } from "./deadlines.ts";
import type { Fault } from "./faults.ts";
import { journal } from "./journal.ts";
import { chance } from "./prng.ts";
import { pump } from "./pump.ts";
import { BEGINNING, timeline } from "./timeline.ts";
import { wire, type Life } from "./wire.ts";

interface Story {
  /** What the caller heard: `delivered`, `failed`, `lost`, or nothing. */
  readonly heard: string | null;
  readonly heardAfterMs: number;
  readonly delivered: number;
  readonly alive: boolean;
}

const LONG_MS = 200_000;

/** One call that meets this fault, watched until nothing more can come of it. */
const call = async (fault: Fault | null, pausedMs = 0, deadlineMs = LONG_MS): Promise<Story> => {
  const time = timeline(chance(1, "time"));
  const due = deadlines(time);
  const faults = {
    draw: () => fault,
    possible: () => true,
    on: () => true,
    begin: () => undefined,
    heal: () => undefined,
    healed: () => false,
  };
  const parts = { time, faults, chance: chance(1, "wire"), journal: journal(time, null) };
  const life: Life = {
    replica: "r1",
    alive: true,
    pausedUntil: later(BEGINNING, pausedMs),
    end: () => (life.alive = false),
  };
  let delivered = 0;
  let heard: string | null = null;
  let heardAt = instant(0);
  void wire({ ...parts, deadlines: due })
    .send(life, {
      name: "test",
      faults: [],
      often: 1,
      deliver: () => {
        delivered += 1;
        return "delivered";
      },
      failed: () => "failed",
      lost: () => "lost",
      signal: due.after(deadlineMs, new AbortController().signal),
    })
    .then((answer) => {
      heard = answer;
      heardAt = time.now();
      return answer;
    });
  const drained = pump();
  while (time.advance(later(BEGINNING, LONG_MS))) await drained();
  return { heard, heardAfterMs: heardAt - BEGINNING, delivered, alive: life.alive };
};

const WHAT: readonly (readonly [Fault | null, Partial<Story>])[] = [
  [null, { heard: "delivered", delivered: 1, alive: true }],
  ["fails", { heard: "failed", delivered: 0, alive: true }],
  ["lostReply", { heard: "lost", delivered: 1, alive: true }],
  ["killBefore", { heard: null, delivered: 0, alive: false }],
  ["killAfter", { heard: null, delivered: 1, alive: false }],
  ["late", { heard: "lost", delivered: 1, alive: true }],
  ["twice", { heard: "delivered", delivered: 2, alive: true }],
  ["slow", { heard: "delivered", delivered: 1, alive: true }],
];

for (const [fault, expected] of WHAT) {
  test(`a call that meets ${fault ?? "no fault"} ends as it says`, async () => {
    const { heard, delivered, alive } = await call(fault);
    assert.deepEqual({ heard, delivered, alive }, expected);
  });
}

test("a paused process hears when it goes on, though it happened before", async () => {
  const { heard, heardAfterMs, delivered } = await call(null, 5_000);
  assert.deepEqual({ heard, delivered }, { heard: "delivered", delivered: 1 });
  assert.ok(heardAfterMs >= 5_000);
});

test("a slow call that outlasts its deadline is lost to its caller, and happens", async () => {
  const { heard, heardAfterMs, delivered } = await call("slow", 0, 100);
  assert.deepEqual(
    { heard, delivered, heardAfterMs },
    { heard: "lost", delivered: 1, heardAfterMs: 100 },
  );
});

// The arithmetic of replacing instances within a slot.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { releaseId } from "../ids.ts";
import type { ServiceName } from "../ids.ts";
import type { InstanceState, SlotState } from "../snapshot.ts";
import { nextCounts } from "./replace.ts";

const OLD = releaseId("hello" as ServiceName, "1.0");
const NEW = releaseId("hello" as ServiceName, "1.1");

const instances = (release: typeof OLD, phase: InstanceState["phase"], count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `${release}-${phase}-${i}`,
    release,
    phase,
    restarts: 0,
  }));

interface Case {
  readonly oldReady: number;
  readonly oldBroken: number;
  readonly newReady: number;
  readonly newStarting: number;
}

const slotOf = ({ oldReady, oldBroken, newReady, newStarting }: Case): SlotState => ({
  wanted: [
    { release: OLD, instances: oldReady + oldBroken },
    { release: NEW, instances: newReady + newStarting },
  ],
  instances: [
    ...instances(OLD, "ready", oldReady),
    ...instances(OLD, "backoff", oldBroken),
    ...instances(NEW, "ready", newReady),
    ...instances(NEW, "starting", newStarting),
  ],
});

const step = (instancesWanted: number, maxSurge: number, maxUnavailable: number) => ({
  release: NEW,
  instances: instancesWanted,
  maxSurge,
  maxUnavailable,
});

const at = (one: Partial<Case>): SlotState =>
  slotOf({ oldReady: 0, oldBroken: 0, newReady: 0, newStarting: 0, ...one });

const TABLE = [
  [
    "surge first when nothing may be missing",
    step(3, 1, 0),
    at({ oldReady: 3 }),
    { old: 3, fresh: 1 },
  ],
  [
    "an old one goes once its successor is ready",
    step(3, 1, 0),
    at({ oldReady: 3, newReady: 1 }),
    { old: 2, fresh: 1 },
  ],
  ["without surge an old one goes first", step(3, 0, 1), at({ oldReady: 3 }), { old: 2, fresh: 0 }],
  [
    "recreate takes all old ones down before the first new one",
    step(3, 0, 3),
    at({ oldReady: 3 }),
    { old: 0, fresh: 0 },
  ],
  [
    "recreate brings all new ones once the old are gone",
    step(3, 0, 3),
    at({}),
    { old: 0, fresh: 3 },
  ],
  [
    "broken old ones are given up first",
    step(3, 1, 0),
    at({ oldReady: 2, oldBroken: 1, newReady: 1 }),
    { old: 2, fresh: 1 },
  ],
] as const;

for (const [name, replace, state, expected] of TABLE) {
  test(`replace: ${name}`, () => assert.deepEqual(nextCounts(replace, state), expected));
}

test("replace: orders never exceed the surge nor give up ready ones below what must stay", () => {
  const small = fc.nat({ max: 6 });
  fc.assert(
    fc.property(
      fc.record({ oldReady: small, oldBroken: small, newReady: small, newStarting: small }),
      fc.integer({ min: 1, max: 6 }),
      small,
      small,
      (one, size, maxSurge, unavailable) => {
        const maxUnavailable = Math.min(size, unavailable);
        const fresh = Math.min(one.newReady + one.newStarting, size);
        const state = slotOf({
          ...one,
          newReady: Math.min(one.newReady, size),
          newStarting: Math.max(0, fresh - one.newReady),
        });
        const next = nextCounts(step(size, maxSurge, maxUnavailable), state);
        const readyNow = state.instances.filter((i) => i.phase === "ready").length;
        const readyNew = state.instances.filter(
          (i) => i.phase === "ready" && i.release === NEW,
        ).length;
        assert.ok(next.fresh <= size);
        assert.ok(next.fresh >= Math.min(size, fresh), "never takes new ones down");
        const oldHere = one.oldReady + one.oldBroken;
        if (next.fresh > fresh) assert.ok(next.fresh + oldHere <= size + maxSurge);
        const kept = Math.min(next.old, one.oldReady) + readyNew;
        assert.ok(kept >= Math.min(readyNow, size - maxUnavailable));
      },
    ),
  );
});

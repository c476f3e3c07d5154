// What is removed, and what never is.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instant } from "../ids.ts";
import type { Backup, BackupState } from "./backup.ts";
import { removable, removedNow } from "./retention.ts";

const DAY = 86_400_000;
const CONTENTS = {
  bytes: 1,
  digest: "",
  serverVersion: "15.1",
  programVersion: "15.1",
  tables: 1,
  rows: 1,
};
const STATES: Readonly<Record<string, BackupState>> = {
  good: { kind: "verified", at: instant(0), tookMs: 0, contents: CONTENTS },
  bad: { kind: "bad", at: instant(0), code: "", why: "", contents: CONTENTS },
  stored: { kind: "stored", contents: CONTENTS, unproven: null },
  failed: { kind: "failed", at: instant(0), code: "", why: "" },
  running: { kind: "running", until: instant(101 * DAY) },
  interrupted: { kind: "running", until: instant(1) },
};

const backup = (day: number, state: string): Backup => ({
  id: `main.${day}.${state}`,
  database: "main",
  environment: null,
  begunAt: instant(day * DAY),
  by: "alice",
  run: null,
  state: STATES[state] ?? { kind: "removing" },
  restored: null,
});

const NOW = instant(100 * DAY);
const days = (backups: readonly Backup[]): readonly number[] =>
  backups.map(({ begunAt }) => begunAt / DAY);

const TABLE: readonly (readonly [string, readonly Backup[], number, number | null, number[]])[] = [
  [
    "as many good ones as are asked for stay",
    [1, 2, 3, 4].map((d) => backup(d, "good")),
    2,
    null,
    [1, 2],
  ],
  [
    "what is young stays however many there are",
    [1, 80, 90].map((d) => backup(d, "good")),
    1,
    30,
    [1],
  ],
  ["what is old stays as long as too few came after it", [backup(1, "good")], 1, 1, []],
  [
    "bad ones are no reason to let a good one go",
    [backup(1, "good"), backup(2, "bad"), backup(3, "failed"), backup(4, "stored")],
    1,
    null,
    [],
  ],
  [
    "failed ones go too, once good ones came after them",
    [backup(1, "failed"), backup(2, "interrupted"), backup(3, "good")],
    1,
    null,
    [1, 2],
  ],
  [
    "a clock that was ahead lets no younger one go, and none of those go that it made",
    [backup(1, "good"), backup(100, "good"), backup(400, "good"), backup(401, "good")],
    1,
    null,
    [1],
  ],
  ["what is under way stays", [backup(1, "running"), backup(2, "good")], 1, null, []],
];

for (const [says, backups, count, age, gone] of TABLE) {
  test(says, () => {
    const keep = { count, ageMs: age === null ? null : age * DAY };
    assert.deepEqual(days(removable(backups, keep, NOW)), gone);
  });
}

test("the newest good backup is never removed, and enough good ones are left", () => {
  const history = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 99 }), fc.constantFrom(...Object.keys(STATES))),
    { maxLength: 20 },
  );
  const policy = fc.record({
    count: fc.integer({ min: 1, max: 5 }),
    ageMs: fc.option(fc.integer({ min: 0, max: 99 * DAY })),
  });
  fc.assert(
    fc.property(history, policy, (made, keep) => {
      const backups = made.map(([day, state]) => backup(day, state));
      const gone = removable(backups, keep, NOW);
      const left = backups.filter((one) => !gone.includes(one));
      const good = (list: readonly Backup[]): number =>
        list.filter(({ state }) => state.kind === "verified").length;
      assert.ok(good(left) >= Math.min(keep.count, good(backups)));
      const newest = backups
        .filter(({ state }) => state.kind === "verified")
        .toSorted((a, b) => a.begunAt - b.begunAt)
        .at(-1);
      if (newest !== undefined) assert.ok(good(left) > 0);
      assert.deepEqual(removable(left, keep, NOW), [], "a second time removes nothing more");
    }),
  );
});

test("where age decides, a clock that was set ahead takes three good ones at once, not all", () => {
  const all = [1, 2, 3, 4, 5, 6].map((day) => backup(day, "good"));
  const some = [...all.slice(0, 4), backup(4, "failed"), backup(100, "good")];
  const old = removable([...some, backup(99, "good")], { count: 1, ageMs: DAY }, NOW);
  assert.deepEqual(days(old), [1, 2, 3, 4, 4]);
  assert.deepEqual(days(removedNow(old, { count: 1, ageMs: DAY }, 0)), [1, 2, 3, 4]);
  assert.deepEqual(days(removedNow(old, { count: 1, ageMs: null }, null)), [1, 2, 3, 4, 4]);
});

test("where age decides and two clocks do not agree, nothing goes", () => {
  const old = [1, 2].map((day) => backup(day, "good"));
  const keep = { count: 1, ageMs: DAY };
  for (const apart of [365 * DAY, -3_600_000, 300_001, null]) {
    assert.deepEqual(removedNow(old, keep, apart), []);
  }
  assert.deepEqual(days(removedNow(old, keep, -300_000)), [1, 2]);
});

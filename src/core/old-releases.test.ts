// What may go of old releases: never what anything could still need, whatever is drawn.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";

import { instant } from "./ids.ts";
import type { Actor, Digest, ReleaseId, ServiceName } from "./ids.ts";
import { withoutUse } from "./old-releases.ts";
import type { ReleaseOf, ReleasesThere } from "./old-releases.ts";

const HELLO = "hello" as ServiceName;
const TRAIN = "train" as ServiceName;
const id = (version: number): ReleaseId => `hello@${version}` as ReleaseId;

const release = (version: number, artifact = version): ReleaseOf => ({
  id: id(version),
  service: HELLO,
  artifact: `sha256:${artifact}` as Digest,
  author: "user:ana" as Actor,
});

const train = (version: number, members: readonly number[]): ReleaseOf => ({
  ...release(version, 1_000 + version),
  id: `train@${version}` as ReleaseId,
  service: TRAIN,
  members: members.map(id),
});

/** Newest first: 9, 8, … 1. */
const NINE = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((version) => release(version));

const lane = (stable: number, ...good: readonly number[]): ReleasesThere["lanes"][number] => ({
  service: HELLO,
  stable: { slot: "blue", release: id(stable), instances: 1 },
  knownGood: good.map((version) => ({ release: id(version), at: instant(version) })),
});

const gone = (there: Partial<ReleasesThere>): readonly string[] =>
  withoutUse({
    releases: NINE,
    lanes: [],
    plans: [],
    keep: (name) => (name === HELLO ? 2 : null),
    ...there,
  }).map((one) => one.id.slice(one.id.indexOf("@") + 1));

for (const [what, there, expected] of [
  ["all but the newest go, oldest first", {}, "1234567"],
  ["none goes where all are kept", { keep: () => null }, ""],
  ["none goes where fewer are there", { releases: NINE.slice(0, 2) }, ""],
  ["what is stable in a lane stays", { lanes: [lane(4)] }, "123567"],
  ["what a rollback goes to stays, and one before it", { lanes: [lane(6, 6, 4, 2, 1)] }, "1357"],
  [
    "more known good ones stay where more are kept",
    { keep: () => 4, lanes: [lane(5, 5, 4, 3, 2, 1)] },
    "1",
  ],
  [
    "what a run under way brings or started from stays",
    { plans: [{ release: release(3), from: release(1) }] },
    "24567",
  ],
  [
    "an artifact that a kept release has too stays",
    { releases: [...NINE, release(0, 9)] },
    "1234567",
  ],
  [
    "what a train's newest releases bring stays",
    { releases: [train(1, [2, 3]), ...NINE] },
    "14567",
  ],
  [
    "what an older release of a train brings goes",
    { releases: [train(4, [9]), train(3, [9]), train(2, [9]), train(1, [2]), ...NINE] },
    "1234567",
  ],
  [
    "what the train brings that is stable stays",
    {
      releases: [train(4, [9]), train(3, [9]), train(2, [9]), train(1, [2]), ...NINE],
      lanes: [
        {
          ...lane(0),
          service: TRAIN,
          stable: { slot: "blue", release: "train@1" as ReleaseId, instances: 0 },
        },
      ],
    },
    "134567",
  ],
] as const satisfies readonly (readonly [string, Partial<ReleasesThere>, string])[]) {
  void test(what, () => {
    assert.equal(gone(there).join(""), expected);
  });
}

void test("nothing that is needed ever goes, and a larger number never lets more go", () => {
  const versions = fc.integer({ min: 1, max: 9 });
  const drawn = fc.record({
    lanes: fc.array(
      fc.tuple(versions, fc.uniqueArray(versions)).map(([stable, good]) => lane(stable, ...good)),
      { maxLength: 3 },
    ),
    plans: fc.array(
      fc
        .tuple(versions, versions)
        .map(([to, from]) => ({ release: release(to), from: release(from) })),
      { maxLength: 3 },
    ),
    keep: fc.integer({ min: 2, max: 9 }),
  });
  fc.assert(
    fc.property(drawn, ({ lanes, plans, keep }) => {
      const out = new Set(withoutUse({ releases: NINE, lanes, plans, keep: () => keep }));
      const needed = [
        ...lanes.flatMap(({ stable, knownGood }) => [
          stable?.release,
          knownGood[0]?.release,
          knownGood[1]?.release,
        ]),
        ...plans.flatMap(({ release: to, from }) => [to.id, from?.id]),
        ...NINE.slice(0, keep).map((one) => one.id),
      ];
      for (const one of out) assert.ok(!needed.includes(one.id), one.id);
      const more = withoutUse({ releases: NINE, lanes, plans, keep: () => keep + 1 });
      for (const one of more) assert.ok(out.has(one), one.id);
    }),
  );
});

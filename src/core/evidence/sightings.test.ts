// Since when findings are known, in whatever order their reports come.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instant, type ReleaseId } from "../ids.ts";
import { earlierSighting, findingText, firstSeen, type Sighting } from "./sightings.ts";

const CVE = { id: "CVE-1", subject: "openssl" };

/** Release n was made at n. */
const sighting = (made: number, at: number): Sighting => ({
  release: `hello@${made}` as ReleaseId,
  made: instant(made),
  at: instant(at),
});

test("the same id in another package or file is another finding", () => {
  assert.notEqual(findingText(CVE), findingText({ ...CVE, subject: "zlib" }));
  assert.equal(findingText(CVE), findingText({ ...CVE }));
});

test("the first report of any release counts, and newer releases carry what it found", () => {
  const first = earlierSighting(sighting(2, 200), sighting(1, 100));
  assert.deepEqual(firstSeen(instant(2), { ...CVE, at: instant(200) }, first), {
    ...CVE,
    at: 100,
    release: "hello@1",
    carried: true,
  });
  assert.equal(firstSeen(instant(1), { ...CVE, at: instant(100) }, first).carried, false);
});

test("an older release that is looked at later has it as long, and need not be without it", () => {
  const first = earlierSighting(sighting(5, 100), sighting(4, 300));
  const seen = firstSeen(instant(4), { ...CVE, at: instant(300) }, first);
  assert.deepEqual([seen.at, seen.release, seen.carried], [100, "hello@5", false]);
});

test("where no sighting is kept its own reports say since when, and it counts as carried", () => {
  assert.deepEqual(firstSeen(instant(5), { ...CVE, at: instant(70) }, null), {
    ...CVE,
    at: 70,
    release: null,
    carried: true,
  });
});

const some = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }))
  .map(([made, at]) => sighting(made, at * 100));

test("reports give the same in any order, and one more makes nothing younger", () => {
  const shuffled = fc
    .array(some, { minLength: 1, maxLength: 6 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
  fc.assert(
    fc.property(shuffled, some, ([one, other], more) => {
      const first = one.reduce(earlierSighting);
      assert.deepEqual(other.reduce(earlierSighting), first);
      const then = earlierSighting(first, more);
      assert.ok(then.at <= first.at);
      if (more.at > first.at) assert.deepEqual(then, first);
    }),
  );
});

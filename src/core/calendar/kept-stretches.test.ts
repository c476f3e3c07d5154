// What is kept of sources, held against the very same sources without memory.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY, HOUR, at, recurrence } from "./calendar.testing.ts";
import { joined, keptStretches } from "./kept-stretches.ts";
import { sourceOf, type Source } from "./source.ts";
import { zoneLine } from "./zone-line.ts";

const FROM = at("2026-03-01T00:00:00Z");
const question = fc.record({
  place: fc.nat(3),
  at: fc.integer({ min: 0, max: 300 * 24 * 4 }).map((quarter) => FROM + (quarter * HOUR) / 4 + 1),
  forMs: fc.constantFrom(1, HOUR, 2 * DAY, 60 * DAY, 400 * DAY),
});

test("in any order the answers are those of the sources, asked in order or not", () => {
  fc.assert(
    fc.property(
      fc.array(recurrence, { minLength: 1, maxLength: 4 }),
      fc.array(question, { maxLength: 40 }),
      fc.nat(4),
      (recurrences, questions, kept) => {
        const line = zoneLine("America/New_York");
        const sources = (): readonly Source[] => recurrences.map((one) => sourceOf(one, line));
        const plain = sources();
        const some = sources();
        const remembering = joined(keptStretches(some.slice(0, kept)), some.slice(kept));
        assert.equal(remembering.count, plain.length);
        for (const { place, at: when, forMs } of questions) {
          const source = plain[place];
          if (source === undefined) continue;
          const end = source.endOf(when, when + forMs);
          assert.equal(remembering.endOf(place, when, when + forMs), end);
          assert.deepEqual(remembering.heldBy(place, when), source.heldBy(when));
          assert.equal(remembering.costOf(place), source.cost);
          if (end > when) continue;
          const next = source.after(when, when + forMs);
          assert.equal(remembering.after(place, when, when + forMs), next);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("a source is not asked again about a stretch in which it does not hold", () => {
  let asked = 0;
  const source: Source = {
    endOf: (when) => {
      asked += 1;
      return when;
    },
    after: (when, limit) => {
      asked += 1;
      return when < FROM + 20 * DAY && limit > FROM + 20 * DAY ? FROM + 20 * DAY : null;
    },
    heldBy: () => [],
    week: null,
    cost: 1,
  };
  const kept = keptStretches([source]);
  for (let hour = 0; hour < 19 * 24; hour += 1) {
    const when = FROM + hour * HOUR;
    assert.equal(kept.endOf(0, when, when + DAY), when);
    assert.equal(kept.after(0, when, when + DAY), null);
  }
  assert.equal(kept.after(0, FROM + 19.5 * DAY, FROM + 30 * DAY), FROM + 20 * DAY);
  assert.ok(asked < 10, `${asked} questions`);
});

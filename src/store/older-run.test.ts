// Runs that an older version held, as this one reads them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUICE, instant } from "../core/ids.ts";
import type { Actor } from "../core/ids.ts";
import { presentHolds } from "./older-run.ts";

const since = instant(5_000);

test("a freeze's hold of an older version becomes a freeze, in force or over", () => {
  const hold = { by: SLUICE, reason: "freeze by dave: a demo", since };
  assert.deepEqual(presentHolds({ hold }), {
    hold: null,
    frozen: { reason: "freeze by dave: a demo", since, thawing: false },
  });
  const reason = "the freeze is over; it goes on at a moment of its own";
  assert.deepEqual(presentHolds({ hold: { by: SLUICE, reason, since } }), {
    hold: null,
    frozen: { reason, since, thawing: true },
  });
});

test("a person's hold of an older version stays one, and none stays none", () => {
  const hold = { by: "bob" as Actor, reason: "lunch", since };
  assert.deepEqual(presentHolds({ hold }), { hold, frozen: null });
  assert.deepEqual(presentHolds({ hold: null }), { hold: null, frozen: null });
});

test("what is told apart already stays as it is", () => {
  const hold = { by: "bob" as Actor, reason: "lunch", since };
  const frozen = { reason: "a demo", since, thawing: false };
  assert.deepEqual(presentHolds({ hold, frozen }), { hold, frozen });
});

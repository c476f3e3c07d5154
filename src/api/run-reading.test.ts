// What a run's view is read from: two looks at the store, between which the run may have moved on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readView } from "./run-reading.ts";
import { sampleRun, sampleWorld } from "./sample-parts.testing.ts";

const judged = (id: string) => ({
  run: {
    ...sampleRun({ state: { kind: "queued" } }),
    id: id as ReturnType<typeof sampleRun>["id"],
  },
  facts: [],
  effects: [],
  standing: [],
  verifiedIn: [],
});

test("a queued run waits for the one that has its lane", async () => {
  const { parts } = sampleWorld();
  const view = await readView(parts, judged("r9z9z9z9"));
  assert.equal(view.behind?.id, "r1a2b3c4");
});

test("one that got the lane between the two looks does not wait for itself", async () => {
  const { parts } = sampleWorld();
  const view = await readView(parts, judged("r1a2b3c4"));
  assert.equal(view.behind, null);
});

// What a slot needs to be as ordered, as a table of slots and orders.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cohort } from "../../../core/effect.ts";
import type { Actor, Digest, ReleaseId } from "../../../core/ids.ts";
import { RUNTIME } from "../testing/runtime.ts";
import { difference, fingerprint } from "./cohort.ts";
import type { Present } from "./cohort.ts";

const cohort = (
  version: string,
  instances: number,
  env: Readonly<Record<string, string>> = {},
): Cohort => ({
  release: {
    id: `web@${version}` as ReleaseId,
    artifact: "sha256:x" as Digest,
    author: "a" as Actor,
  },
  runtime: { ...RUNTIME, env },
  instances,
});

const here = (id: string, of: Cohort, phase: Present["phase"], createdAt = 0): Present => ({
  id,
  fingerprint: fingerprint(of),
  phase,
  createdAt,
});

/** As `start 2 web@1, leave a b`. */
const told = (wanted: readonly Cohort[], present: readonly Present[]): string => {
  const { start, leave } = difference(wanted, present);
  const starts = start.map(({ cohort: { release }, count }) => `start ${count} ${release.id}`);
  return [...starts, ...leave.map((id) => `leave ${id}`)].join(", ");
};

const one = cohort("1", 1);
const two = cohort("1", 2);

const TABLE: readonly (readonly [string, readonly Cohort[], readonly Present[], string])[] = [
  ["an empty slot is filled", [two], [], "start 2 web@1"],
  ["a full slot is left alone", [two], [here("a", two, "ready"), here("b", two, "starting")], ""],
  ["one that backs off still counts", [one], [here("a", one, "backoff")], ""],
  ["one on its way out does not", [one], [here("a", one, "draining")], "start 1 web@1"],
  ["nor does it leave twice", [], [here("a", one, "stopping")], ""],
  [
    "the young leave first",
    [one],
    [here("a", one, "ready", 1), here("b", one, "ready", 2)],
    "leave b",
  ],
  [
    "the unready leave before",
    [one],
    [here("a", one, "unready", 1), here("b", one, "ready", 2)],
    "leave a",
  ],
  [
    "and those in back-off before these",
    [two],
    [here("a", two, "backoff", 1), here("b", two, "unready", 2), here("c", two, "ready", 3)],
    "leave a",
  ],
  ["no cohorts empty the slot", [], [here("a", one, "ready")], "leave a"],
  [
    "another release replaces",
    [cohort("2", 1)],
    [here("a", one, "ready")],
    "start 1 web@2, leave a",
  ],
  [
    "another environment replaces",
    [cohort("1", 1, { A: "b" })],
    [here("a", one, "ready")],
    "start 1 web@1, leave a",
  ],
  [
    "two cohorts stand side by side",
    [one, cohort("2", 1)],
    [here("a", one, "ready")],
    "start 1 web@2",
  ],
  ["equal cohorts count together", [one, two], [here("a", one, "ready")], "start 2 web@1"],
  ["a cohort of none is none", [cohort("1", 0)], [here("a", one, "ready")], "leave a"],
];

for (const [behaviour, wanted, present, expected] of TABLE) {
  test(behaviour, () => assert.equal(told(wanted, present), expected));
}

test("other probes and limits do not make another cohort, and reach those who stay", () => {
  const patient: Cohort = {
    ...one,
    runtime: { ...one.runtime, stop: { drainMs: 1, killAfterMs: 2 } },
  };
  const { start, leave, stay } = difference([patient], [here("a", one, "ready")]);
  assert.deepEqual(
    { start, leave, stay },
    { start: [], leave: [], stay: [{ id: "a", cohort: patient }] },
  );
});

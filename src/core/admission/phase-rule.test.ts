// The day of a phase: when it opens, what becomes of whoever comes late, who may begin it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { later } from "../ids.ts";
import type { Actor, EnvironmentName, Instant } from "../ids.ts";
import type { Origin } from "../run.ts";
import { HOUR, MONDAY, runOf } from "./admission.testing.ts";
import { judgePhase } from "./phase-rule.ts";
import type { PlannedPhase } from "./rule.ts";

const at = (hours: number): Instant => later(MONDAY, hours * HOUR);

const PHASE: PlannedPhase = {
  rollout: "three-days",
  zone: "UTC",
  days: { first: 2, last: 2 },
  after: "staging" as EnvironmentName,
  opens: at(16),
  closes: at(40),
  late: "go",
  deploy: [],
  inform: [],
  type: "application",
  risk: "medium",
  downtime: "none",
  rollback: "moderate",
};

type Row = readonly [
  name: string,
  phase: Partial<PlannedPhase>,
  now: Instant,
  kind: "allow" | "wait" | "deny",
  until: Instant | null,
  code: string,
];

const TABLE: readonly Row[] = [
  ["before its day", {}, at(0), "wait", at(16), "phase-ahead"],
  ["a moment before its day", {}, later(at(16), -1), "wait", at(16), "phase-ahead"],
  ["as its day begins", {}, at(16), "allow", null, "phase-open"],
  ["as its last day ends", {}, at(40), "allow", null, "phase-late"],
  ["where late is refused, on its day", { late: "refuse" }, at(16), "allow", at(40), "phase-open"],
  ["where late is refused, late", { late: "refuse" }, at(40), "deny", null, "phase-over"],
  ["the first phase, on any day", { after: null, opens: null }, at(0), "allow", null, "phase-open"],
  ["before the phase before it", { opens: null }, at(99), "wait", null, "phase-unverified"],
  ["by who may", { deploy: ["alice"] }, at(16), "allow", null, "phase-open"],
  ["by who may not", { deploy: ["bob"] }, at(16), "deny", null, "phase-denied"],
];

for (const [name, more, now, kind, until, code] of TABLE) {
  test(`phase: ${name}`, () => {
    const result = judgePhase("phase", { ...PHASE, ...more }, { run: runOf() }, now);
    assert.deepEqual([result.kind, result.until, result.reasons[0]?.code], [kind, until, code]);
  });
}

const emergency: Partial<Origin> = { emergency: { until: at(2) } };

test("an emergency passes its day for as long as it lasts, and may be begun by others", () => {
  const run = runOf("r-1", emergency);
  const phase = { ...PHASE, deploy: ["bob"], opens: at(16) };
  const during = judgePhase("phase", phase, { run }, at(1));
  assert.deepEqual([during.kind, during.until], ["allow", at(2)]);
  assert.equal(during.reasons[0]?.code, "emergency");
  assert.equal(judgePhase("phase", phase, { run }, at(2)).kind, "deny");
});

test("what begins by itself is begun by nobody who would have to be asked", () => {
  const run = runOf("r-1", { kind: "promotion", by: "sluice" as Actor });
  const phase = { ...PHASE, deploy: ["bob"] };
  assert.equal(judgePhase("phase", phase, { run }, at(16)).kind, "allow");
});

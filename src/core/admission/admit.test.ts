// Rules that rest on standing facts and on where the release is good, and all rules together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { approvalRule } from "../decide.testing.ts";
import type { EvidenceCondition } from "../evidence/evidence.ts";
import { later } from "../ids.ts";
import type { Actor, Digest, EnvironmentName, ReleaseId, ServiceName } from "../ids.ts";
import type { Standing, StandingBody } from "../standing.ts";
import { admit } from "./admit.ts";
import {
  HOUR,
  MONDAY,
  RELEASE,
  STAGING,
  approval,
  asking,
  calendar,
  facts,
  period,
  runOf,
  stands,
} from "./admission.testing.ts";
import type { AdmissionRequest } from "./request.ts";
import type { GateRule, RuleResult } from "./rule.ts";

const at = (hours: number) => later(MONDAY, hours * HOUR);

const judged = (rule: GateRule, more: Partial<AdmissionRequest> = {}, now = MONDAY): RuleResult => {
  const [result] = admit(asking([rule], more), now).results;
  assert.ok(result);
  return result;
};

const FROZEN: StandingBody = { kind: "freeze", reason: "the books are being closed" };
const NO_FREEZE: GateRule = { id: "no-freeze", kind: "noFreeze" };
const frozen = (more: Partial<Standing> = {}) => ({ standing: [stands(FROZEN, more)] });

test("a freeze in force waits, with who said it, why, and when it ends", () => {
  const result = judged(NO_FREEZE, frozen({ seq: 7, until: at(2) }));
  assert.deepEqual([result.kind, result.until], ["wait", at(2)]);
  assert.deepEqual(result.reasons, [
    {
      code: "freeze",
      text: "freeze by bob: the books are being closed",
      numbers: { seq: 7, from: 0, until: at(2) },
    },
  ]);
  assert.deepEqual(judged(NO_FREEZE, frozen()).until, null);
});

test("freezes that overlap wait until the last of them has ended", () => {
  const standing = [
    stands(FROZEN, { until: at(2) }),
    stands(FROZEN, { from: at(1), until: at(4) }),
    stands(FROZEN, { from: at(5), until: at(6) }),
  ];
  assert.equal(judged(NO_FREEZE, { standing }).until, at(4));
  const free = judged(NO_FREEZE, { standing }, at(4));
  assert.deepEqual([free.kind, free.until], ["allow", at(5)]);
});

test("a freeze of another lane, one that was ended, and one to come do not wait", () => {
  const others: readonly Partial<Standing>[] = [
    { environment: STAGING },
    { service: "other" as ServiceName },
    { release: "hello@9.9" as ReleaseId },
    { until: MONDAY },
    { ended: { by: "bob" as Actor, at: MONDAY, reason: "over" } },
    { from: at(1) },
  ];
  for (const more of others) assert.equal(judged(NO_FREEZE, frozen(more)).kind, "allow");
  const own = { environment: "production" as EnvironmentName, service: "hello" as ServiceName };
  assert.equal(judged(NO_FREEZE, frozen(own)).kind, "wait");
});

test("an emergency passes a freeze until its time is over", () => {
  const run = runOf("r-1", { emergency: { until: at(1) } });
  const during = judged(NO_FREEZE, { ...frozen({ until: at(2) }), run });
  assert.deepEqual([during.kind, during.until], ["allow", at(1)]);
  assert.deepEqual(
    during.reasons.map(({ code }) => code),
    ["emergency", "freeze"],
  );
  const after = judged(NO_FREEZE, { ...frozen({ until: at(2) }), run }, at(1));
  assert.deepEqual([after.kind, after.until], ["wait", at(2)]);
});

const CHANGE: GateRule = { id: "change-record", kind: "changeRecord" };
const change = (
  state: "open" | "approved" | "rejected",
  more: Partial<Standing> = {},
): Standing =>
  stands({ kind: "changeRecord", id: "CHG-1", state, url: null }, { release: RELEASE, ...more });

test("the newest change record of the release decides", () => {
  const kind = (...standing: readonly Standing[]) => judged(CHANGE, { standing }).kind;
  assert.equal(kind(), "wait");
  assert.equal(kind(change("open")), "wait");
  assert.equal(kind(change("approved")), "allow");
  assert.equal(kind(change("rejected")), "deny");
  assert.equal(kind(change("rejected"), change("approved")), "allow");
  assert.equal(kind(change("approved"), change("rejected")), "deny");
  assert.equal(kind(change("approved", { release: "hello@9" as ReleaseId })), "wait");
  assert.equal(kind(change("approved", { release: null })), "wait");
  assert.equal(kind(change("approved", { environment: STAGING })), "wait");
  assert.equal(kind(change("approved", { until: MONDAY })), "wait");
});

test("a change that is approved for a time says until when", () => {
  const standing = [change("approved", { until: at(3) })];
  const result = judged(CHANGE, { standing });
  assert.deepEqual([result.kind, result.until], ["allow", at(3)]);
  const soon = judged(CHANGE, { standing: [change("approved", { from: at(2) })] });
  assert.deepEqual([soon.kind, soon.until], ["wait", at(2)]);
});

test("a release that is not known good there is denied, however its run was begun", () => {
  const rule: GateRule = { id: "verified-in-staging", kind: "verifiedIn", environment: STAGING };
  for (const kind of ["promotion", "manual", "release"] as const) {
    const run = runOf("r-1", { kind, emergency: { until: at(9) } });
    const result = judged(rule, { run });
    assert.deepEqual([result.kind, result.until], ["deny", null]);
    assert.equal(
      result.reasons[0]?.text,
      "hello@1.1 is not known good in staging, from which production takes its releases",
    );
    assert.equal(judged(rule, { run, verifiedIn: [STAGING] }).kind, "allow");
  }
});

const EVIDENCE: GateRule = {
  id: "evidence-1",
  kind: "evidence",
  conditions: [
    {
      name: "coverage",
      comparison: ">",
      value: { unit: "percent", value: 80 },
      text: "coverage > 80%",
    } satisfies EvidenceCondition,
  ],
};

const coverage = (value: number, more: Partial<Standing> = {}): Standing =>
  stands(
    {
      kind: "evidence",
      evidence: {
        format: "values",
        name: "coverage.json",
        digest: "sha256:1" as Digest,
        values: { coverage: { unit: "percent", value } },
        findings: [],
      },
    },
    { release: RELEASE, ...more },
  );

const waiver = (more: Partial<Standing> = {}): Standing =>
  stands(
    { kind: "waiver", what: "coverage", reason: "it is a hotfix", owner: "carol" as Actor },
    { release: RELEASE, until: at(3), ...more },
  );

test("evidence counts where it is of this very release and in force", () => {
  const kind = (...standing: readonly Standing[]) => judged(EVIDENCE, { standing }).kind;
  assert.equal(kind(), "wait");
  assert.equal(kind(coverage(81)), "allow");
  assert.equal(kind(coverage(80)), "wait");
  assert.equal(kind(coverage(81), coverage(79)), "wait");
  assert.equal(kind(coverage(81, { release: null })), "wait");
  assert.equal(kind(coverage(81, { release: "hello@9" as ReleaseId })), "wait");
  assert.equal(kind(coverage(81, { from: at(1) })), "wait");
  assert.equal(kind(coverage(81, { until: MONDAY })), "wait");
});

test("evidence that fails waits, since a newer report or a waiver may come", () => {
  const standing = [coverage(79)];
  const failing = judged(EVIDENCE, { standing });
  assert.deepEqual([failing.kind, failing.until], ["wait", null]);
  const waived = judged(EVIDENCE, { standing: [...standing, waiver()] });
  assert.deepEqual([waived.kind, waived.until], ["allow", at(3)]);
  assert.equal(judged(EVIDENCE, { standing: [...standing, waiver()] }, at(3)).kind, "wait");
  const soon = judged(EVIDENCE, { standing: [...standing, waiver({ from: at(1) })] });
  assert.deepEqual([soon.kind, soon.until], ["wait", at(1)]);
  const elsewhere = waiver({ environment: STAGING });
  assert.equal(judged(EVIDENCE, { standing: [...standing, elsewhere] }).kind, "wait");
});

test("all rules must allow it at the same moment, and one that denies denies it", () => {
  const rules: readonly GateRule[] = [
    NO_FREEZE,
    { id: "window", kind: "window", calendar: calendar([period(at(1), at(3))]) },
    { id: "approval-1", kind: "approval", approval: approvalRule(["bob"]) },
    CHANGE,
  ];
  const said = facts(["bob", MONDAY, approval()]);
  const standing = [change("approved"), stands(FROZEN, { from: at(2), until: at(5) })];
  const ask = (now: number, more: Partial<AdmissionRequest> = {}) =>
    admit(asking(rules, { facts: said, standing, ...more }), at(now));
  const kinds = (now: number) => ask(now).results.map(({ kind }) => kind);
  assert.deepEqual([ask(0).kind, ask(0).until], ["wait", at(1)]);
  assert.deepEqual([ask(1).kind, ask(1).until], ["allow", at(2)]);
  assert.deepEqual([ask(2).kind, ask(2).until], ["wait", at(3)]);
  assert.deepEqual(kinds(4), ["wait", "wait", "allow", "allow"]);
  assert.equal(ask(1, { facts: [] }).kind, "wait");
  assert.equal(ask(1, { facts: facts(["bob", MONDAY, approval("reject")]) }).kind, "deny");
  assert.equal(ask(0, { standing: [change("rejected")] }).kind, "deny");
  assert.equal(admit(asking([]), MONDAY).kind, "allow");
});

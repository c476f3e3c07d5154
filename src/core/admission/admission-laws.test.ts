// Laws of admission, over anything that gates, people and time can be: nothing that is asked more
// admits more, "not before T" is true before T and false at T, and no path goes around it.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Calendar, Recurrence } from "../calendar/calendar.ts";
import { broken, DECISION_CHECKS } from "../checks.ts";
import { CANARY, Rehearsal, approvalRule, planOf, playbook } from "../decide.testing.ts";
import type { Decision } from "../decision.ts";
import type { EvidenceCondition } from "../evidence/evidence.ts";
import type { FactBody } from "../fact.ts";
import { later } from "../ids.ts";
import type { Actor, Digest, Instant } from "../ids.ts";
import type { Action } from "../playbook.ts";
import type { Origin } from "../run.ts";
import type { Standing, StandingBody } from "../standing.ts";
import { askedBy } from "../steps/gate.ts";
import { admit } from "./admit.ts";
import {
  HOUR,
  MINUTE,
  MONDAY,
  RELEASE,
  STAGING,
  approval,
  asking,
  checklist,
  facts,
  item,
  runOf,
  stands,
  tick,
} from "./admission.testing.ts";
import type { Saying } from "./admission.testing.ts";
import { judgeApproval } from "./approvals.ts";
import { judgeChangeRecord } from "./change-record.ts";
import { judgeChecklist } from "./checklists.ts";
import { judgeEvidenceRule } from "./evidence-rule.ts";
import { judgeNoFreeze } from "./no-freeze.ts";
import type { AdmissionRequest } from "./request.ts";
import type { ApprovalRule, GateRule, PlannedPhase, RuleResult } from "./rule.ts";

const PEOPLE = ["alice", "bob", "carol", "dave", "erin"];
const NAMES = ["coverage", "performanceP95"];

/** Up to three days around the gate, in steps that make meetings at one moment likely. */
const moment = fc.integer({ min: -20, max: 200 }).map((n) => later(MONDAY, n * 20 * MINUTE));
const person = fc.constantFrom(...PEOPLE) as fc.Arbitrary<Actor>;

const recurrence: fc.Arbitrary<Recurrence> = fc.oneof(
  fc
    .tuple(moment, fc.integer({ min: 1, max: 20 }))
    .map(([from, n]) => ({ kind: "once" as const, from, to: later(from, n * HOUR), text: "once" })),
  fc.record({
    kind: fc.constant("weekly" as const),
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7] as const, { minLength: 1 }),
    from: fc.constantFrom("00:00", "08:20", "23:40"),
    forMs: fc.integer({ min: 1, max: 12 }).map((n) => n * 20 * MINUTE),
    text: fc.constant("weekly"),
  }),
);

const calendars: fc.Arbitrary<Calendar> = fc.record({
  name: fc.constant("release-days"),
  zone: fc.constantFrom("UTC", "America/New_York"),
  allow: fc.array(recurrence, { maxLength: 3 }),
  deny: fc.array(recurrence, { maxLength: 3 }),
  spreadMs: fc.constantFrom(0, 7 * MINUTE, 2 * HOUR),
});

const conditions: fc.Arbitrary<EvidenceCondition> = fc.record({
  name: fc.constantFrom(...NAMES),
  comparison: fc.constantFrom("<", "<=", ">", ">=", "="),
  value: fc.integer({ min: 0, max: 3 }).map((value) => ({ unit: "count" as const, value })),
  text: fc.constant("as it must be"),
});

const approvals: fc.Arbitrary<ApprovalRule> = fc
  .record({
    from: fc.subarray(PEOPLE, { minLength: 1 }),
    count: fc.integer({ min: 1, max: 3 }),
    notAuthor: fc.boolean(),
    expiresMs: fc.constantFrom(null, HOUR, 10 * HOUR),
  })
  .map(({ from, ...more }) => approvalRule(from, more));

const phases: fc.Arbitrary<PlannedPhase> = fc.record({
  rollout: fc.constant("days"),
  zone: fc.constantFrom("UTC", "America/New_York"),
  days: fc.constant({ first: 2, last: 3 }),
  after: fc.constantFrom(null, STAGING),
  opens: fc.option(moment, { nil: null }),
  closes: fc.option(moment, { nil: null }),
  late: fc.constantFrom("go", "refuse"),
  deploy: fc.subarray(PEOPLE, { maxLength: 2 }),
  inform: fc.constant([]),
  type: fc.constant("both"),
  risk: fc.constant("low"),
  downtime: fc.constant("none"),
  rollback: fc.constant("simple"),
});

const items = fc.record({
  id: fc.constantFrom("a", "b"),
  owner: fc.subarray(PEOPLE, { maxLength: 2 }),
  skippable: fc.boolean(),
  manual: fc.boolean(),
  check: fc.oneof(
    fc.constant(null),
    fc.constant({ kind: "changeRecord" as const }),
    fc.constant({ kind: "verifiedIn" as const, environment: STAGING }),
    conditions.map((one) => ({ kind: "evidence" as const, conditions: [one] })),
  ),
});

const rules: fc.Arbitrary<GateRule> = fc.oneof(
  fc.constant({ id: "no-freeze", kind: "noFreeze" as const }),
  fc.constant({ id: "change-record", kind: "changeRecord" as const }),
  fc.constant({ id: "verified", kind: "verifiedIn" as const, environment: STAGING }),
  calendars.map((calendar) => ({ id: "window", kind: "window" as const, calendar })),
  phases.map((phase) => ({ id: "phase", kind: "phase" as const, phase })),
  approvals.map((one) => ({ id: "approval", kind: "approval" as const, approval: one })),
  fc
    .array(conditions, { minLength: 1, maxLength: 3 })
    .map((all) => ({ id: "evidence", kind: "evidence" as const, conditions: all })),
  fc.array(items, { minLength: 1, maxLength: 3 }).map((all) => ({
    id: "checklist",
    kind: "checklist" as const,
    checklist: checklist(...all.map(({ id, ...more }) => item(id, more))),
  })),
);

const bodies: fc.Arbitrary<StandingBody> = fc.oneof(
  fc.constant({ kind: "freeze" as const, reason: "a demo" }),
  fc.record({ kind: fc.constant("delegation" as const), to: person, reason: fc.constant("away") }),
  fc.record({
    kind: fc.constant("changeRecord" as const),
    id: fc.constant("CHG-1"),
    state: fc.constantFrom("open", "approved", "rejected"),
    url: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant("waiver" as const),
    what: fc.constantFrom(...NAMES),
    reason: fc.constant("it is a hotfix"),
    owner: person,
  }),
  fc.record({
    kind: fc.constant("evidence" as const),
    evidence: fc.tuple(fc.constantFrom(...NAMES), fc.nat(3)).map(([name, value]) => ({
      format: "values" as const,
      name,
      digest: "sha256:1" as Digest,
      values: { [name]: { unit: "count" as const, value } },
      findings: [],
    })),
  }),
);

const standing: fc.Arbitrary<Standing> = fc
  .record({
    body: bodies,
    by: person,
    from: moment,
    forMs: fc.option(fc.integer({ min: 1, max: 90 })),
    release: fc.constantFrom(null, RELEASE, RELEASE),
  })
  .map(({ body, forMs, from, ...more }) =>
    stands(body, { ...more, from, until: forMs === null ? null : later(from, forMs * HOUR) }),
  );

const bodiesOfFacts: fc.Arbitrary<FactBody> = fc.oneof(
  fc.constantFrom("approve", "approve", "reject").map((verdict) => approval(verdict)),
  fc
    .tuple(fc.constantFrom("a", "b"), fc.constantFrom("done", "done", "failed", "skipped"))
    .map(([id, verdict]) => tick(id, verdict, "because")),
);

const said: fc.Arbitrary<readonly Saying[]> = fc
  .array(fc.tuple(person, moment, bodiesOfFacts), { maxLength: 8 })
  .map((all) => all.toSorted(([, a], [, b]) => a - b));

const origins: fc.Arbitrary<Partial<Origin>> = fc
  .tuple(person, fc.constantFrom("release", "promotion", "manual"), fc.option(moment))
  .map(([who, kind, until]) => ({
    by: who,
    kind,
    emergency: until === null ? null : { until },
  }));

const requests: fc.Arbitrary<AdmissionRequest> = fc
  .record({
    all: fc.array(rules, { maxLength: 4 }),
    said,
    standing: fc.array(standing, { maxLength: 8 }),
    since: moment,
    origin: origins,
    id: fc.constantFrom("r-1", "r-2", "r-3"),
    good: fc.boolean(),
  })
  .map(({ all, said: words, origin, id, good, ...more }) =>
    asking(all, {
      ...more,
      facts: facts(...words),
      run: runOf(id, origin),
      verifiedIn: good ? [STAGING] : [],
    }),
  );

/** What was said by then: nobody hears tomorrow's word today. */
const by = (request: AdmissionRequest, now: Instant): AdmissionRequest => ({
  ...request,
  facts: request.facts.filter((fact) => fact.at <= now),
  since: request.since < now ? request.since : now,
});

const stricter: fc.Arbitrary<(request: AdmissionRequest) => AdmissionRequest> = fc.oneof(
  rules.map((rule) => (request: AdmissionRequest) => ({
    ...request,
    rules: [...request.rules, rule],
  })),
  standing.map((one) => (request: AdmissionRequest) => ({
    ...request,
    standing: [...request.standing, { ...one, body: { kind: "freeze" as const, reason: "more" } }],
  })),
  fc.tuple(recurrence, conditions, items).map(([deny, condition, { id, ...more }]) => {
    const tighter = (rule: GateRule): GateRule => {
      switch (rule.kind) {
        case "window":
          return { ...rule, calendar: { ...rule.calendar, deny: [...rule.calendar.deny, deny] } };
        case "evidence":
          return { ...rule, conditions: [...rule.conditions, condition] };
        case "approval":
          return { ...rule, approval: { ...rule.approval, count: rule.approval.count + 1 } };
        case "checklist":
          return { ...rule, checklist: checklist(...rule.checklist.items, item(id, more)) };
        case "phase":
          return { ...rule, phase: { ...rule.phase, opens: null } };
        case "noFreeze":
        case "changeRecord":
        case "verifiedIn":
          return rule;
      }
    };
    return (request: AdmissionRequest) => ({ ...request, rules: request.rules.map(tighter) });
  }),
);

test("a rule, a freeze, a denied period, an approval or a condition more never admits more", () => {
  fc.assert(
    fc.property(requests, stricter, moment, (request, tighten, now) => {
      const given = by(request, now);
      if (admit(tighten(given), now).kind !== "allow") return;
      assert.equal(admit(given, now).kind, "allow");
    }),
    { numRuns: 1_500 },
  );
});

test("everything is allowed where each rule allows it, and denied where one denies it", () => {
  fc.assert(
    fc.property(requests, moment, (request, now) => {
      const given = by(request, now);
      const { kind, results, until } = admit(given, now);
      const kinds = given.rules.map((rule) => admit({ ...given, rules: [rule] }, now).kind);
      assert.deepEqual(
        results.map((one) => one.kind),
        kinds,
      );
      const all = kinds.every((one) => one === "allow");
      assert.equal(kind, kinds.includes("deny") ? "deny" : all ? "allow" : "wait");
      assert.ok(results.every((one) => one.reasons.length > 0));
      const times = results.flatMap((one) => (one.until === null ? [] : [one.until]));
      assert.equal(until, times.length === 0 ? null : Math.min(...times));
      assert.ok(until === null || until > now);
    }),
    { numRuns: 500 },
  );
});

test("what is sorted once for all rules gives each the answer that it finds by itself", () => {
  fc.assert(
    fc.property(requests, moment, (request, now) => {
      const given = by(request, now);
      const { results } = admit(given, now);
      for (const [place, rule] of given.rules.entries()) {
        const alone = byItself(rule, given, now);
        if (alone !== null) assert.deepEqual(results[place], alone);
      }
    }),
    { numRuns: 500 },
  );
});

/** Null: it rests on nothing that was said. */
const byItself = (rule: GateRule, request: AdmissionRequest, now: Instant): RuleResult | null => {
  switch (rule.kind) {
    case "approval":
      return judgeApproval(rule.id, rule.approval, request, now);
    case "evidence":
      return judgeEvidenceRule(rule.id, rule.conditions, request, now);
    case "checklist":
      return judgeChecklist(rule.id, rule.checklist, request, now);
    case "noFreeze":
      return judgeNoFreeze(rule.id, request, now);
    case "changeRecord":
      return judgeChangeRecord(rule.id, request, now);
    case "window":
    case "verifiedIn":
    case "phase":
      return null;
  }
};

test("until T each rule answers as now, and at T it answers otherwise", () => {
  fc.assert(
    fc.property(requests, moment, fc.array(moment), (request, now, others) => {
      const given = by(request, now);
      for (const rule of given.rules) {
        const kindAt = (at: Instant) => admit({ ...given, rules: [rule] }, at).kind;
        const { kind, until } = admit({ ...given, rules: [rule] }, now);
        if (until !== null) {
          assert.notEqual(kindAt(until), kind, `${rule.kind} at ${until}`);
          assert.equal(kindAt(later(until, -1)), kind, `${rule.kind} before ${until}`);
        }
        for (const at of others) {
          if (at < now || (until !== null && at >= until)) continue;
          assert.equal(kindAt(at), kind, `${rule.kind} at ${at}, until ${until}`);
        }
      }
    }),
    { numRuns: 700 },
  );
});

/** Each pass is asked twice: by the invariants, and whether each gate it passed was allowed. */
class Guarded extends Rehearsal {
  passed = 0;
  override pass(): Decision {
    const [run, snapshot] = [this.run, this.snapshot()];
    const decision = super.pass();
    assert.deepEqual(broken(DECISION_CHECKS, { run, snapshot, decision }), []);
    for (const event of decision.events) {
      const gate = run.plan.steps.find(({ id }) => id === event.step);
      if (event.type !== "step.done" || gate?.kind !== "gate") continue;
      const since = run.state.kind === "forward" ? run.state : { since: this.now };
      const progress = { ...FRESH, ...since };
      const asked = askedBy(gate, { run: decision.run, snapshot, progress });
      assert.equal(admit(asked, this.now).kind, "allow");
      this.passed += 1;
    }
    return decision;
  }
}

const FRESH = {
  step: 0,
  attempts: 0,
  notBefore: null,
  failingSince: null,
  order: null,
  stalled: null,
} as const;

const actions: fc.Arbitrary<Action> = fc.oneof(
  approvals.map((one) => ({ kind: "approval" as const, approval: { ...one, count: 1 } })),
  fc.array(items, { minLength: 1, maxLength: 2 }).map((all) => ({
    kind: "checklist" as const,
    checklist: checklist(...all.map(({ id, ...more }) => item(id, more))),
  })),
  conditions.map((one) => ({ kind: "evidence" as const, conditions: [one] })),
  fc.constant({ kind: "changeRecord" as const }),
  calendars.map((calendar) => ({ kind: "window" as const, calendar })),
);

const TASK: Action = {
  kind: "task",
  name: "look",
  task: { kind: "command", command: ["./look"], env: {} },
  deadlineMs: 1_000,
  repeatable: true,
  onUnknown: "hold",
  attempts: 1,
  undo: null,
  migration: null,
};

type Happening = readonly [waitMs: number, (it: Rehearsal) => void];

const happenings: fc.Arbitrary<Happening> = fc.tuple(
  fc.integer({ min: 0, max: HOUR }),
  fc.oneof(
    fc.tuple(person, bodiesOfFacts).map(([who, body]) => (it: Rehearsal) => {
      const { state, plan } = it.run;
      const step = (state.kind === "forward" ? plan.steps[state.step]?.id : null) ?? "entry";
      if (body.kind === "approval") it.say(who, { ...body, step, planHash: plan.hash });
      if (body.kind === "tick") it.say(who, { ...body, step });
    }),
    fc
      .tuple(bodies, person, fc.integer({ min: 1, max: 9 }))
      .map(([body, who, n]) => (it: Rehearsal) => {
        it.stand(who, body, { release: RELEASE, until: later(it.now, n * HOUR) });
      }),
    fc.constant((it: Rehearsal) => {
      it.verifiedIn = it.verifiedIn.length === 0 ? [STAGING] : [];
    }),
  ),
);

test("no path passes a gate whose rules do not all allow it at that moment", () => {
  let passed = 0;
  fc.assert(
    fc.property(
      fc.array(actions, { maxLength: 2 }),
      fc.array(actions, { maxLength: 1 }),
      fc.array(happenings, { minLength: 5, maxLength: 25 }),
      origins,
      fc.constantFrom("hold", "finish", "back"),
      (first, second, all, origin, onFreeze) => {
        const before = [...first, TASK, ...second];
        const it = new Guarded(planOf("1.1", "1.0", playbook([CANARY], { before, onFreeze })));
        it.now = MONDAY;
        it.run = { ...it.run, origin: { ...it.run.origin, ...origin } };
        for (const [waitMs, happen] of all) {
          happen(it);
          it.runFor(waitMs);
        }
        passed += it.passed;
      },
    ),
    { numRuns: 60 },
  );
  assert.ok(passed > 5, `only ${passed} gates were passed at all`);
});

// Laws of judging: nothing that is found anew opens a gate, nothing that is waived closes one, and
// the moment that an answer names is the moment at which it changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Actor } from "../ids.ts";
import type { Evidence, Finding, Waiver } from "./evidence.ts";
import { ARTIFACT, RELEASE, at, condition, report } from "./evidence.testing.ts";
import { judgeEvidence, type EvidenceAnswer } from "./judge-evidence.ts";

const NAMES = ["coverage", "tests", "performanceP95", "openDefects", "compliance"] as const;
const COUNTS = ["criticalVulnerabilities", "highVulnerabilities", "vulnerabilities"] as const;

const conditions = fc.array(
  fc
    .constantFrom(
      ["coverage", "> 80%"],
      ["coverage", ">= 50%"],
      ["tests", "100%"],
      ["performanceP95", "< 200ms"],
      ["openDefects", "<= 2"],
      ["openDefects", "= 1"],
      ["compliance", "yes"],
      ["criticalVulnerabilities", "0"],
      ["highVulnerabilities", "<= 1"],
      ["vulnerabilities", "< 3"],
    )
    .map(([name = "", text = ""]) => condition(name, text)),
  { minLength: 1, maxLength: 4 },
);

const found: fc.Arbitrary<Finding> = fc.record({
  id: fc.constantFrom("CVE-1", "CVE-2", "CVE-3", "CVE-4"),
  severity: fc.constantFrom("critical", "high", "low", "unknown"),
  subject: fc.constantFrom("openssl", "zlib"),
  declared: fc.constantFrom(null, null, "not_affected"),
});

const values = fc.record(
  {
    coverage: fc.constantFrom(40, 60, 90).map((value) => ({ unit: "percent", value }) as const),
    tests: fc.constantFrom(99, 100).map((value) => ({ unit: "percent", value }) as const),
    performanceP95: fc.constantFrom(150, 250).map((value) => ({ unit: "ms", value }) as const),
    openDefects: fc.nat(4).map((value) => ({ unit: "count", value }) as const),
    compliance: fc.boolean().map((value) => ({ unit: "claim", value }) as const),
    vulnerabilities: fc.nat(4).map((value) => ({ unit: "count", value }) as const),
  },
  { requiredKeys: [] },
);

const reports: fc.Arbitrary<readonly Evidence[]> = fc.array(
  fc
    .record({
      name: fc.constantFrom("a.json", "b.json", "c.xml"),
      format: fc.constantFrom("trivy", "osv", "values", "junit"),
      values,
      findings: fc.array(found, { maxLength: 4 }),
    })
    .map(({ name, ...rest }) => report(name, rest)),
  { maxLength: 5 },
);

const one: fc.Arbitrary<Waiver> = fc.record({
  what: fc.constantFrom("CVE-1", "CVE-2", "CVE-3", "CVE-4", ...NAMES, ...COUNTS),
  reason: fc.constantFrom("unused code", "unused code", ""),
  owner: fc.constantFrom("alice", "bob", "").map((name) => name as Actor),
  until: fc.constantFrom(at(50), at(150), at(200), at(300), null),
});
const waivers = fc.array(one, { maxLength: 8 });
const now = fc.constantFrom(0, 100, 149, 200).map(at);

const given = fc.record({
  evidence: reports,
  waivers,
  now,
  artifact: fc.constant(ARTIFACT),
  release: fc.constant(RELEASE),
});

const RUNS = { numRuns: 2_000 };

/** True: what was not allowed before is now. */
const opened = (before: EvidenceAnswer, after: EvidenceAnswer): boolean =>
  before.kind === "wait" && after.kind === "allow";

test("adding a finding to any report never turns wait into allow", () => {
  fc.assert(
    fc.property(conditions, given, found, fc.nat(), (conditions, given, extra, index) => {
      const place = index % Math.max(1, given.evidence.length);
      const evidence = given.evidence.map((one, at) =>
        at === place ? { ...one, findings: [...one.findings, extra] } : one,
      );
      const after = judgeEvidence(conditions, { ...given, evidence });
      assert.ok(!opened(judgeEvidence(conditions, given), after));
    }),
    RUNS,
  );
});

test("adding a waiver never turns allow into wait, and never shortens it", () => {
  fc.assert(
    fc.property(conditions, given, one, fc.boolean(), (conditions, given, extra, first) => {
      const more = first ? [extra, ...given.waivers] : [...given.waivers, extra];
      const before = judgeEvidence(conditions, given);
      const after = judgeEvidence(conditions, { ...given, waivers: more });
      assert.ok(!opened(after, before));
      if (before.kind === "allow") {
        assert.ok((after.until ?? Infinity) >= (before.until ?? Infinity));
      }
    }),
    RUNS,
  );
});

test("dropping all reports that speak of a condition never admits more", () => {
  fc.assert(
    fc.property(conditions, given, fc.nat(), (conditions, given, index) => {
      const name = conditions[index % conditions.length]?.name ?? "";
      const evidence = COUNTS.some((count) => count === name)
        ? given.evidence.filter((one) => !Object.hasOwn(one.values, name) && one.format === "junit")
        : given.evidence.filter((one) => !Object.hasOwn(one.values, name));
      const only = conditions.filter((one) => one.name === name);
      const after = judgeEvidence(only, { ...given, evidence });
      assert.ok(!opened(judgeEvidence(only, given), after));
    }),
    RUNS,
  );
});

test("dropping a report that a newer one of its name replaces changes no answer", () => {
  fc.assert(
    fc.property(conditions, given, (conditions, given) => {
      const twice = given.evidence.flatMap((one) => [{ ...one, findings: [] }, one]);
      const answer = judgeEvidence(conditions, { ...given, evidence: twice });
      assert.equal(answer.kind, judgeEvidence(conditions, given).kind);
      assert.equal(answer.until, judgeEvidence(conditions, given).until);
    }),
    RUNS,
  );
});

test("an answer that allows holds until its time, and is wait from then on", () => {
  fc.assert(
    fc.property(conditions, given, (conditions, given) => {
      const answer = judgeEvidence(conditions, given);
      if (answer.kind !== "allow") return;
      const kindAt = (ms: number): string =>
        judgeEvidence(conditions, { ...given, now: at(ms) }).kind;
      const { until } = answer;
      if (until === null) return assert.equal(kindAt(1e12), "allow");
      assert.ok(until > given.now);
      assert.equal(kindAt(until - 1), "allow");
      assert.equal(kindAt(until), "wait");
      return assert.equal(kindAt(1e12), "wait");
    }),
    RUNS,
  );
});

test("time alone never opens what evidence does not", () => {
  fc.assert(
    fc.property(conditions, given, fc.nat(500), (conditions, given, ms) => {
      const after = judgeEvidence(conditions, { ...given, now: at(given.now + ms) });
      assert.ok(!opened(judgeEvidence(conditions, given), after));
    }),
    RUNS,
  );
});

test("waivers that lack something change neither the answer nor its time", () => {
  const lacking = one.filter(
    ({ reason, owner, until }) => reason === "" || owner === "" || until === null,
  );
  fc.assert(
    fc.property(conditions, given, fc.array(lacking), (conditions, given, extra) => {
      const after = judgeEvidence(conditions, { ...given, waivers: [...given.waivers, ...extra] });
      const before = judgeEvidence(conditions, given);
      assert.deepEqual([after.kind, after.until], [before.kind, before.until]);
    }),
    RUNS,
  );
});

test("all conditions together are allowed when each is, until the first that ends", () => {
  fc.assert(
    fc.property(conditions, given, (conditions, given) => {
      const alone = conditions.map((one) => judgeEvidence([one], given));
      const answer = judgeEvidence(conditions, given);
      assert.equal(
        answer.kind === "allow",
        alone.every((one) => one.kind === "allow"),
      );
      if (answer.kind === "wait") return assert.equal(answer.until, null);
      const first = Math.min(...alone.map((one) => one.until ?? Infinity));
      return assert.equal(answer.until ?? Infinity, first);
    }),
    RUNS,
  );
});

test("every condition has a reason with a code, a sentence and numbers", () => {
  fc.assert(
    fc.property(conditions, given, (conditions, given) => {
      const { reasons } = judgeEvidence(conditions, given);
      for (const { name } of conditions) {
        assert.ok(reasons.some((reason) => reason.numbers?.["name"] === name));
      }
      for (const { code, text, numbers } of reasons) {
        assert.match(code, /^(?:evidence|finding|waiver)-[a-z]+$/u);
        assert.ok(numbers !== undefined && !/undefined|NaN|\[object/u.test(text), text);
      }
    }),
    RUNS,
  );
});

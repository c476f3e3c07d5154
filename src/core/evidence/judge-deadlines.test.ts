// Deadlines for findings: what is late when, what is told, and what never helps.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Actor, ReleaseId } from "../ids.ts";
import type { Deadline, Evidence, Finding, FirstSeen, KnownSeverity, Waiver } from "./evidence.ts";
import { ARTIFACT, RELEASE, at, finding, report, scan, waiver } from "./evidence.testing.ts";
import { findingDeadlines } from "./finding-deadlines.ts";
import { judgeEvidence, type EvidenceAnswer } from "./judge-evidence.ts";

const DAY = 86_400_000;
const SOME = findingDeadlines({ critical: DAY, high: 7 * DAY, low: "nextRelease" });

const seen = (id: string, days: number, rest: Partial<FirstSeen> = {}): FirstSeen => ({
  id,
  subject: "openssl",
  at: at(days * DAY),
  release: "hello@1.0.0" as ReleaseId,
  carried: false,
  ...rest,
});

const judge = (
  evidence: readonly Evidence[],
  firstSeen: readonly FirstSeen[],
  {
    waivers = [],
    days = 10,
    zone = null,
  }: {
    readonly waivers?: readonly Waiver[];
    readonly days?: number;
    readonly zone?: string | null;
  } = {},
): EvidenceAnswer =>
  judgeEvidence([SOME], {
    evidence,
    waivers,
    firstSeen,
    zone,
    artifact: ARTIFACT,
    release: RELEASE,
    now: at(days * DAY),
  });

const textsOf = ({ reasons }: EvidenceAnswer): string =>
  reasons.map(({ code, text }) => `${code}: ${text}`).join("\n");

const CRITICAL = scan("trivy.json", finding("CVE-1", "critical"));

test("an open finding is timely before its deadline, and late from that moment on", () => {
  const at9 = (days: number) => judge([CRITICAL], [seen("CVE-1", 9)], { days }).kind;
  assert.equal(at9(9), "allow");
  assert.equal(at9(10 - 1e-6), "allow");
  assert.equal(at9(10), "wait");
});

test("what is late is told with its age, its deadline and what to do", () => {
  const answer = judge([CRITICAL], [seen("CVE-1", 5)]);
  assert.equal(
    textsOf(answer),
    "evidence-failed: findings fixed within 1d (critical), within 7d (high), " +
      "by the next release (low): 1 open, 1 late\n" +
      "finding-late: CVE-1 in openssl (critical) is late: first seen 1970-01-06 00:00:00Z in " +
      "hello@1.0.0, was due 1970-01-07 00:00:00Z, overdue by 4 d; fix it, or answer for it: " +
      "sluice waive hello@1.1.0 CVE-1 --reason WHY --owner NAME --until 14d",
  );
  assert.deepEqual(answer.reasons[1]?.numbers, {
    name: "findings",
    finding: "CVE-1",
    subject: "openssl",
    severity: "critical",
    firstSeen: 5 * DAY,
    firstIn: "hello@1.0.0",
    due: 6 * DAY,
  });
});

test("times are told on the gate's own clock as well", () => {
  const answer = judge([CRITICAL], [seen("CVE-1", 5)], { zone: "America/New_York" });
  assert.match(textsOf(answer), /Mon 1970-01-05 19:00 -05:00 \(1970-01-06 00:00:00Z\)/u);
});

test("what is not late yet is told with the time that is left", () => {
  const answer = judge([scan("a", finding("CVE-2", "high"))], [seen("CVE-2", 6)]);
  assert.equal(answer.kind, "allow");
  assert.equal(answer.until, 13 * DAY);
  assert.match(textsOf(answer), /finding-due: CVE-2 .* is due 1970-01-14 00:00:00Z, in 3 d/u);
});

test("one release may have a finding that is due by the next, the next one may not", () => {
  const low = [scan("a", finding("CVE-3", "low"))];
  const first = judge(low, [seen("CVE-3", 1)], { days: 300 });
  assert.equal(first.kind, "allow");
  assert.match(textsOf(first), /must be gone in the next release/u);
  const second = judge(low, [seen("CVE-3", 1, { carried: true })]);
  assert.equal(second.kind, "wait");
  assert.match(textsOf(second), /was to be gone in the release after it/u);
});

test("a severity without a deadline is not asked about, an unknown one has the shortest", () => {
  const medium = [scan("a", finding("CVE-4", "medium"))];
  assert.equal(judge(medium, [seen("CVE-4", 0)]).kind, "allow");
  const unknown = [scan("a", finding("CVE-5", "unknown"))];
  assert.equal(judge(unknown, [seen("CVE-5", 9)]).kind, "wait");
  assert.match(textsOf(judge(unknown, [seen("CVE-5", 9)])), /unknown severity, held to the short/u);
  assert.equal(judge(unknown, [seen("CVE-5", 9.5)]).kind, "allow");
  assert.equal(judge(unknown, [seen("CVE-5", 9.5, { carried: true })]).kind, "wait");
});

test("of two opinions of one finding the stricter counts, and undeclared over declared", () => {
  const both = [CRITICAL, scan("b", finding("CVE-1", "medium"))];
  assert.equal(judge(both, [seen("CVE-1", 5)]).kind, "wait");
  const declared = scan("b", finding("CVE-1", "critical", { declared: "not_affected" }));
  assert.equal(judge([declared], [seen("CVE-1", 5)]).kind, "allow");
  assert.equal(judge([declared, CRITICAL], [seen("CVE-1", 5)]).kind, "wait");
});

test("a finding whose age nobody knows is late, and no scan at all is not enough", () => {
  const answer = judge([CRITICAL], []);
  assert.equal(answer.kind, "wait");
  assert.match(textsOf(answer), /nobody knows since when it is there/u);
  const none = judge([report("a.txt", {})], []);
  assert.equal(none.kind, "wait");
  assert.match(textsOf(none), /evidence-missing: findings are unknown: no scan was attached/u);
});

test("a waiver holds until it ends, and one that has ended is told", () => {
  const waived = [waiver("CVE-1", { until: at(12 * DAY) })];
  const answer = judge([CRITICAL], [seen("CVE-1", 5)], { waivers: waived });
  assert.equal(answer.kind, "allow");
  assert.equal(answer.until, 12 * DAY);
  assert.match(textsOf(answer), /finding-waived: CVE-1 is waived by alice/u);
  assert.equal(answer.reasons[1]?.numbers?.["due"], 6 * DAY);
  const over = judge([CRITICAL], [seen("CVE-1", 5)], { waivers: waived, days: 12 });
  assert.equal(over.kind, "wait");
  assert.match(textsOf(over), /waiver-ignored: the waiver of CVE-1 by alice does not count/u);
});

test("of thousands of findings ten are named and the rest counted", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => finding(`CVE-${index}`, "critical"));
  const answer = judge(
    [scan("a", ...many)],
    many.map(({ id }) => seen(id, 1)),
  );
  assert.equal(answer.reasons.length, 12);
  assert.match(textsOf(answer), /5000 open, 5000 late.*and 4990 more are late$/su);
});

const IDS = ["CVE-1", "CVE-2", "CVE-3"];
const findings: fc.Arbitrary<Finding> = fc.record({
  id: fc.constantFrom(...IDS),
  severity: fc.constantFrom("critical", "high", "medium", "low", "unknown"),
  subject: fc.constant("openssl"),
  declared: fc.constantFrom(null, null, "not_affected"),
});
const limit = fc.constantFrom<Deadline>(DAY, 3 * DAY, 9 * DAY, "nextRelease");
const deadlines = fc.record(
  { critical: limit, high: limit, medium: limit, low: limit } satisfies Record<
    KnownSeverity,
    fc.Arbitrary<Deadline>
  >,
  { requiredKeys: ["high"] },
);
const given = fc.record({
  evidence: fc.array(
    fc
      .tuple(fc.constantFrom("a", "b"), fc.array(findings, { maxLength: 4 }))
      .map(([name, all]) => scan(name, ...all)),
    { minLength: 1, maxLength: 3 },
  ),
  firstSeen: fc
    .tuple(
      ...IDS.map((id) => fc.tuple(fc.nat(10), fc.boolean()).map((one) => [id, ...one] as const)),
    )
    .map((all) => all.map(([id, days, carried]) => seen(id, days, { carried }))),
  waivers: fc.array(
    fc.record({
      what: fc.constantFrom(...IDS, "findings"),
      reason: fc.constantFrom("unused", ""),
      owner: fc.constant("alice" as Actor),
      until: fc.nat(15).map((days) => at(days * DAY)),
    }),
    { maxLength: 3 },
  ),
  now: fc.integer({ min: 10, max: 14 }).map((days) => at(days * DAY)),
  artifact: fc.constant(ARTIFACT),
  release: fc.constant(RELEASE),
});
const RUNS = { numRuns: 2_000 };

test("one finding more never admits more", () => {
  fc.assert(
    fc.property(deadlines, given, findings, (limits, given, more) => {
      const condition = [findingDeadlines(limits)];
      const last = given.evidence.at(-1);
      const evidence =
        last === undefined
          ? given.evidence
          : given.evidence.with(given.evidence.length - 1, {
              ...last,
              findings: [...last.findings, more],
            });
      if (judgeEvidence(condition, given).kind === "allow") return;
      assert.equal(judgeEvidence(condition, { ...given, evidence }).kind, "wait");
    }),
    RUNS,
  );
});

test("a longer deadline never admits less", () => {
  const severity = fc.constantFrom<KnownSeverity>("critical", "high", "medium", "low");
  fc.assert(
    fc.property(deadlines, given, severity, (limits, given, severity) => {
      const limit = limits[severity];
      if (typeof limit !== "number") return;
      const longer = { ...limits, [severity]: limit + 2 * DAY };
      if (judgeEvidence([findingDeadlines(limits)], given).kind === "wait") return;
      assert.equal(judgeEvidence([findingDeadlines(longer)], given).kind, "allow");
    }),
    RUNS,
  );
});

test("time alone makes nothing timely, and an answer holds until the time that it names", () => {
  fc.assert(
    fc.property(deadlines, given, fc.nat(8), (limits, given, days) => {
      const condition = [findingDeadlines(limits)];
      const { kind, until } = judgeEvidence(condition, given);
      const kindAt = (ms: number) => judgeEvidence(condition, { ...given, now: at(ms) }).kind;
      if (kind === "wait") return assert.equal(kindAt(given.now + days * DAY), "wait");
      if (until === null) return assert.equal(kindAt(1e15), "allow");
      assert.ok(until > given.now);
      assert.equal(kindAt(until - 1), "allow");
      return assert.equal(kindAt(until), "wait");
    }),
    RUNS,
  );
});

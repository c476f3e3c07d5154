// Judging evidence: what counts, what is told, and until when it holds.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Digest } from "../ids.ts";
import type { Evidence, Waiver } from "./evidence.ts";
import {
  ARTIFACT,
  RELEASE,
  at,
  condition,
  finding,
  report,
  scan,
  waiver,
} from "./evidence.testing.ts";
import { judgeEvidence, type EvidenceAnswer } from "./judge-evidence.ts";
import { unmetReasons } from "./unmet-reasons.ts";
import { provenanceName } from "./value-names.ts";

const judge = (
  conditions: Readonly<Record<string, string>>,
  evidence: readonly Evidence[],
  waivers: readonly Waiver[] = [],
  now = 100,
): EvidenceAnswer =>
  judgeEvidence(
    Object.entries(conditions).map(([name, text]) => condition(name, text)),
    { evidence, waivers, artifact: ARTIFACT, release: RELEASE, now: at(now) },
  );

const textsOf = (answer: EvidenceAnswer): string =>
  answer.reasons.map(({ code, text }) => `${code}: ${text}`).join("\n");

const coverage = (name: string, value: number): Evidence =>
  report(name, { format: "lcov", values: { coverage: { unit: "percent", value } } });

test("a value is compared, and the reason carries its numbers", () => {
  const answer = judge({ coverage: "> 80%" }, [coverage("lcov.info", 78.25)]);
  assert.deepEqual(answer, {
    kind: "wait",
    until: null,
    reasons: [
      {
        code: "evidence-failed",
        text: "coverage is 78.25 % in lcov.info, needs > 80%",
        numbers: {
          name: "coverage",
          comparison: ">",
          bound: 80,
          value: 78.25,
          unit: "percent",
          report: "lcov.info",
        },
      },
    ],
  });
});

test("each comparison is met on its own side of the bound, and only there", () => {
  const table: readonly (readonly [text: string, below: boolean, at: boolean, above: boolean])[] = [
    ["< 80%", true, false, false],
    ["<= 80%", true, true, false],
    ["= 80%", false, true, false],
    [">= 80%", false, true, true],
    ["> 80%", false, false, true],
  ];
  for (const [text, ...met] of table) {
    const kinds = [79.999, 80, 80.001].map(
      (value) => judge({ coverage: text }, [coverage("lcov.info", value)]).kind,
    );
    assert.deepEqual(
      kinds.map((kind) => kind === "allow"),
      met,
      text,
    );
  }
});

test("claims are met by what they say and by nothing else", () => {
  const says = (value: boolean): Evidence =>
    report("a.txt", { values: { compliance: { unit: "claim", value } } });
  assert.equal(judge({ compliance: "yes" }, [says(true)]).kind, "allow");
  assert.equal(judge({ compliance: "yes" }, [says(false)]).kind, "wait");
  assert.equal(judge({ compliance: "no" }, [says(false)]).kind, "allow");
  assert.match(textsOf(judge({ compliance: "yes" }, [says(false)])), /compliance is no in a\.txt/u);
});

test("the newest report that has a value counts, whatever its name", () => {
  const other = report("junit.xml", { values: { tests: { unit: "percent", value: 100 } } });
  const old = coverage("lcov.info", 90);
  const answer = judge({ coverage: "> 80%" }, [old, coverage("cobertura.xml", 70), other]);
  assert.match(textsOf(answer), /coverage is 70 % in cobertura\.xml/u);
  assert.equal(judge({ coverage: "> 80%" }, [coverage("a", 70), coverage("b", 90)]).kind, "allow");
});

test("what no report has waits and says what there is", () => {
  const answer = judge({ covered: "> 80%" }, [coverage("lcov.info", 90)]);
  assert.equal(answer.kind, "wait");
  assert.match(textsOf(answer), /evidence-missing: covered is in no report.*coverage/u);
  assert.equal(answer.reasons[0]?.numbers?.["value"], null);
  const none = judge({ coverage: "> 80%" }, []);
  assert.match(textsOf(none), /coverage is in no report, needs > 80%$/u);
});

test("a value in another unit is not compared", () => {
  const odd = report("a.txt", { values: { load: { unit: "count", value: 1 } } });
  const answer = judge({ load: "< 200ms" }, [odd]);
  assert.equal(answer.kind, "wait");
  assert.match(textsOf(answer), /evidence-unit: load is 1 in a\.txt.*the units differ/u);
});

test("all conditions must be met, and each has its reason", () => {
  const reports = [coverage("lcov.info", 90), scan("trivy.json")];
  const both = judge({ coverage: "> 80%", criticalVulnerabilities: "0" }, reports);
  assert.equal(both.kind, "allow");
  assert.equal(both.reasons.length, 2);
  const missing = judge({ coverage: "> 80%", performanceP95: "< 200ms" }, reports);
  assert.equal(missing.kind, "wait");
  assert.deepEqual(
    missing.reasons.map((reason) => reason.code),
    ["evidence-met", "evidence-missing"],
  );
});

test("a scan without findings counts none; no scan at all is not the same", () => {
  assert.equal(judge({ criticalVulnerabilities: "0" }, [scan("trivy.json")]).kind, "allow");
  const answer = judge({ criticalVulnerabilities: "0" }, [coverage("lcov.info", 90)]);
  assert.equal(answer.kind, "wait");
  assert.match(textsOf(answer), /no scan was attached/u);
});

test("findings count by severity, once for each id and subject", () => {
  const one = scan("a.json", finding("CVE-1", "critical"), finding("CVE-2", "high"));
  const two = scan("b.json", finding("CVE-1", "critical"));
  const three = scan("c.json", finding("CVE-1", "critical", { subject: "zlib" }));
  const counts = (name: string, ...reports: readonly Evidence[]): unknown =>
    judge({ [name]: "0" }, reports).reasons[0]?.numbers?.["value"];
  assert.equal(counts("criticalVulnerabilities", one, two), 1);
  assert.equal(counts("criticalVulnerabilities", one, two, three), 2);
  assert.equal(counts("highVulnerabilities", one, two, three), 1);
  assert.equal(counts("mediumVulnerabilities", one), 0);
  assert.equal(counts("vulnerabilities", one, two, three), 3);
  assert.match(
    textsOf(judge({ vulnerabilities: "<= 1" }, [one])),
    /vulnerabilities is 2, needs <= 1: CVE-1 in openssl, CVE-2 in openssl/u,
  );
});

test("what nobody can place counts under every severity", () => {
  const unknown = [scan("a.json", finding("MAL-1", "unknown"))];
  for (const name of ["criticalVulnerabilities", "lowVulnerabilities", "vulnerabilities"]) {
    const answer = judge({ [name]: "0" }, unknown);
    assert.equal(answer.kind, "wait", name);
    assert.match(textsOf(answer), /1 of unknown severity among them/u);
  }
});

test("only the newest scan of a name counts, and other formats do not hide it", () => {
  const found = scan("report.json", finding("CVE-1", "critical"));
  assert.equal(judge({ vulnerabilities: "0" }, [found, scan("report.json")]).kind, "allow");
  assert.equal(judge({ vulnerabilities: "0" }, [scan("report.json"), found]).kind, "wait");
  const osv = { ...scan("report.json"), format: "osv" } as const;
  assert.equal(judge({ vulnerabilities: "0" }, [found, osv]).kind, "wait");
});

test("a number that the plain form states counts where it is the worse one", () => {
  const stated = (value: number): Evidence =>
    report("a.txt", { values: { criticalVulnerabilities: { unit: "count", value } } });
  assert.equal(judge({ criticalVulnerabilities: "0" }, [stated(0)]).kind, "allow");
  assert.equal(judge({ criticalVulnerabilities: "0" }, [scan("a.json"), stated(2)]).kind, "wait");
  const found = scan("a.json", finding("CVE-1", "critical"));
  assert.equal(judge({ criticalVulnerabilities: "0" }, [found, stated(0)]).kind, "wait");
});

test("a waiver takes a finding out of the count, is told, and ends at its time", () => {
  const reports = [scan("a.json", finding("CVE-1", "critical"))];
  const answer = judge({ criticalVulnerabilities: "0" }, reports, [waiver("CVE-1")]);
  assert.equal(answer.kind, "allow");
  assert.equal(answer.until, 1000);
  assert.match(
    textsOf(answer),
    /finding-waived: CVE-1 is waived by alice until 1970-01-01 00:00:01Z: not reachable/u,
  );
  assert.equal(answer.reasons[0]?.numbers?.["waived"], 1);
  const before = judge({ criticalVulnerabilities: "0" }, reports, [waiver("CVE-1")], 999);
  assert.equal(before.kind, "allow");
  const then = judge({ criticalVulnerabilities: "0" }, reports, [waiver("CVE-1")], 1000);
  assert.equal(then.kind, "wait");
  assert.match(textsOf(then), /waiver-ignored: the waiver of CVE-1 by alice.*it ended 1970/u);
});

test("a waiver without a reason, an owner or an expiry does not count and says so", () => {
  const reports = [scan("a.json", finding("CVE-1", "critical"))];
  const table: readonly (readonly [Partial<Waiver>, RegExp])[] = [
    [{ reason: "  " }, /it has no reason/u],
    [{ owner: "" as Waiver["owner"] }, /it has no owner/u],
    [{ until: null }, /it has no expiry/u],
    [{ until: at(100) }, /it ended 1970-01-01 00:00:00Z/u],
  ];
  for (const [part, says] of table) {
    for (const what of ["CVE-1", "criticalVulnerabilities"]) {
      const answer = judge({ criticalVulnerabilities: "0" }, reports, [waiver(what, part)]);
      assert.equal(answer.kind, "wait", String(says));
      assert.match(textsOf(answer), says);
    }
  }
});

test("a waiver of a value's name stands in for what fails and for what is missing", () => {
  const failing = [coverage("lcov.info", 70)];
  const reports: readonly (readonly Evidence[])[] = [failing, []];
  for (const evidence of reports) {
    const answer = judge({ coverage: "> 80%" }, evidence, [waiver("coverage")]);
    assert.equal(answer.kind, "allow");
    assert.equal(answer.until, 1000);
    assert.match(textsOf(answer), /evidence-waived: coverage is waived by alice/u);
  }
  const found = [scan("a.json", finding("CVE-1", "critical"))];
  const name = "criticalVulnerabilities";
  assert.equal(judge({ [name]: "0" }, found, [waiver(name)]).until, 1000);
});

test("what holds without a waiver does not end with one", () => {
  const answer = judge({ coverage: "> 80%" }, [coverage("a", 90)], [waiver("coverage")]);
  assert.equal(answer.until, null);
  const enough = [scan("a.json", finding("CVE-1", "high"), finding("CVE-2", "high"))];
  const two = judge({ highVulnerabilities: "<= 2" }, enough, [waiver("CVE-1"), waiver("CVE-2")]);
  assert.equal(two.until, null);
});

test("it holds until so many waivers have ended that it does not", () => {
  const findings = ["CVE-1", "CVE-2", "CVE-3"].map((id) => finding(id, "high"));
  const waivers = [
    waiver("CVE-1", { until: at(400) }),
    waiver("CVE-2", { until: at(200) }),
    waiver("CVE-3", { until: at(300) }),
  ];
  const reports = [scan("a.json", ...findings)];
  const until = (text: string, ...more: readonly Waiver[]): unknown =>
    judge({ highVulnerabilities: text }, reports, [...waivers, ...more]).until;
  assert.equal(until("0"), 200);
  assert.equal(until("<= 1"), 300);
  assert.equal(until("<= 2"), 400);
  assert.equal(until("<= 3"), null);
  assert.equal(until("0", waiver("CVE-2", { until: at(350) })), 300, "the longer one counts");
  assert.equal(until("0", waiver("highVulnerabilities", { until: at(900) })), 900);
});

test("what its own report declares harmless is told and not counted", () => {
  const declared = finding("CVE-1", "critical", { declared: "not_affected: code_not_reachable" });
  const answer = judge({ criticalVulnerabilities: "0" }, [scan("bom.json", declared)]);
  assert.equal(answer.kind, "allow");
  assert.match(textsOf(answer), /finding-declared: .*CVE-1 in openssl \(not_affected: code/u);
  const both = [scan("bom.json", declared), scan("a.json", finding("CVE-1", "critical"))];
  assert.equal(judge({ criticalVulnerabilities: "0" }, both).kind, "wait");
});

test("many findings are counted and few are named", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => finding(`CVE-${index}`, "high"));
  const answer = judge({ highVulnerabilities: "0" }, [scan("a.json", ...many)]);
  assert.match(textsOf(answer), /is 5000, needs = 0: CVE-0 in openssl, .* and 4990 more$/u);
  const waivers = many.map((one) => waiver(one.id));
  const waived = judge({ highVulnerabilities: "0" }, [scan("a.json", ...many)], waivers);
  assert.equal(waived.kind, "allow");
  assert.ok(waived.reasons.length < 20);
});

const provenance = (name: string, digest: string): Evidence =>
  report(name, {
    format: "provenance",
    values: {
      provenance: { unit: "claim", value: true },
      [provenanceName(digest as Digest)]: { unit: "claim", value: true },
    },
  });

const OTHER = `sha256:${"b".repeat(64)}`;

test("provenance counts only where a statement speaks of this very artifact", () => {
  const own = provenance("own.json", ARTIFACT);
  const foreign = provenance("foreign.json", OTHER);
  const stated = report("word.txt", { values: { provenance: { unit: "claim", value: true } } });
  const table: readonly (readonly [readonly Evidence[], string, RegExp])[] = [
    [[own], "allow", /own\.json speaks of sha256:aaaa/],
    [[foreign], "wait", /evidence-failed: provenance: foreign\.json speaks of others than/],
    [[own, foreign], "allow", /own\.json speaks/],
    [[foreign, stated], "wait", /foreign\.json speaks of others/],
    [[stated], "allow", /provenance is yes in word\.txt/],
    [[], "wait", /evidence-missing: provenance is in no report/],
  ];
  for (const [evidence, kind, text] of table) {
    const answer = judge({ provenance: "yes" }, evidence);
    assert.equal(answer.kind, kind, text.source);
    assert.match(textsOf(answer), text);
  }
  assert.equal(judge({ provenance: "no" }, [foreign]).kind, "wait");
});

test("who is asked for evidence reads of what is missing, not of what is there", () => {
  const cve = finding("CVE-1", "critical");
  const given = [coverage("lcov.info", 90), scan("trivy.json", cve)];
  const wants = { coverage: "> 80%", criticalVulnerabilities: "0", unitTests: "100%" };
  const one = waiver("unitTests", { until: at(200) });
  const left = unmetReasons(judge(wants, given, [one]).reasons).map(({ text }) => text);
  assert.deepEqual(left, ["criticalVulnerabilities is 1, needs = 0: CVE-1 in openssl"]);
  const waived = judge({ ...wants, unitTests: "> 50%" }, given, [waiver("CVE-1", {})]);
  assert.match(
    unmetReasons(waived.reasons)
      .map(({ text }) => text)
      .join("\n"),
    /^unitTests is in/,
  );
});

// SARIF, Trivy, CycloneDX and OSV: how severities are found, what is declared, and that a scan
// which failed never reads as one that found nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, readJson, refusalOf } from "./reports.testing.ts";

const sarif = (run: Readonly<Record<string, unknown>>): unknown => ({
  version: "2.1.0",
  runs: [{ tool: { driver: { name: "a" } }, results: [], ...run }],
});
const trivy = (...results: readonly unknown[]): unknown => ({
  SchemaVersion: 2,
  ArtifactName: "a",
  Results: results,
});
const bom = (...vulnerabilities: readonly unknown[]): unknown => ({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  vulnerabilities,
});
const osv = (...packages: readonly unknown[]): unknown => ({ results: [{ source: {}, packages }] });
const score = (value: number | string): object => ({ "security-severity": value });
const found = (json: unknown): readonly string[] => findingsOf(readJson("a.json", json));

const sarifResults: readonly (readonly [string, object, readonly string[]])[] = [
  ["no level is a warning", { ruleId: "a" }, ["medium a in "]],
  ["an error is high", { ruleId: "a", level: "error" }, ["high a in "]],
  ["a note is low", { ruleId: "a", level: "note" }, ["low a in "]],
  ["the rule's score goes before the level", { ruleId: "s", level: "note" }, ["high s in "]],
  ["the result's score goes before all", { ruleId: "s", properties: score(9) }, ["critical s in "]],
  ["the rule's level where the result has none", { ruleId: "l" }, ["high l in "]],
  ["a part of a rule is as bad as the rule", { ruleId: "s/part" }, ["high s/part in "]],
  ["the rule is found by its index", { ruleIndex: 0 }, ["high s in "]],
  ["what is still open counts", { ruleId: "a", kind: "open" }, ["unknown a in "]],
  ["what passed is no finding", { ruleId: "a", kind: "pass" }, []],
  ["what is gone is no finding", { ruleId: "a", baselineState: "absent" }, []],
  [
    "an accepted suppression declares it",
    { ruleId: "a", suppressions: [{ kind: "external", status: "accepted" }] },
    ["medium a in  (suppressed external)"],
  ],
  [
    "a suppression under review does not",
    { ruleId: "a", suppressions: [{ kind: "external" }, { status: "underReview" }] },
    ["medium a in "],
  ],
  [
    "without a file the logical place is its subject",
    { ruleId: "a", locations: [{ logicalLocations: [{ fullyQualifiedName: "shop.pay" }] }] },
    ["medium a in shop.pay"],
  ],
];

for (const [what, result, findings] of sarifResults) {
  test(`SARIF: ${what}`, () => {
    const rules = [
      { id: "s", properties: score("8.0") },
      { id: "l", defaultConfiguration: { level: "error" } },
    ];
    const tool = { driver: { rules } };
    assert.deepEqual(found(sarif({ tool, results: [result] })), findings);
  });
}

const trivyResults: readonly (readonly [string, object, readonly string[]])[] = [
  ["null is an empty list", { Target: "a", Vulnerabilities: null }, []],
  [
    "a severity that nobody knows is unknown",
    { Target: "a", Vulnerabilities: [{ VulnerabilityID: "CVE-1", PkgName: "p" }] },
    ["unknown CVE-1 in p"],
  ],
  [
    "a check that passed is no finding",
    { Target: "a", Misconfigurations: [{ ID: "K1", Status: "PASS", Severity: "HIGH" }] },
    [],
  ],
  [
    "what VEX calls affected stays a finding",
    {
      Target: "a",
      ExperimentalModifiedFindings: [
        {
          Type: "vulnerability",
          Status: "under_investigation",
          Finding: { VulnerabilityID: "CVE-1", PkgName: "p", Severity: "LOW" },
        },
      ],
    },
    ["low CVE-1 in p"],
  ],
  [
    "the same finding twice is one",
    {
      Target: "a",
      Vulnerabilities: [1, 2].map(() => ({ VulnerabilityID: "CVE-1", Severity: "HIGH" })),
    },
    ["high CVE-1 in a"],
  ],
];

for (const [what, result, findings] of trivyResults) {
  test(`Trivy: ${what}`, () => assert.deepEqual(found(trivy(result)), findings));
}

test("Trivy: an image in which there was nothing to look at has no findings", () => {
  assert.deepEqual(found({ SchemaVersion: 2, ArtifactName: "scratch" }), []);
});

test("Trivy: a cluster's resources are read from whichever list its version writes", () => {
  const Vulnerabilities = [{ VulnerabilityID: "CVE-1", PkgName: "p", Severity: "HIGH" }];
  const resource = { Kind: "Pod", Name: "a", Results: [{ Target: "t", Vulnerabilities }] };
  for (const key of ["Resources", "Findings", "Vulnerabilities", "Misconfigurations"]) {
    const json = { ClusterName: "blue", [key]: [resource] };
    assert.deepEqual(found(json), ["high CVE-1 in p"], key);
  }
});

const cycloneDx: readonly (readonly [string, object, readonly string[]])[] = [
  ["the worst rating counts", { ratings: [{ severity: "low" }, { score: 7.1 }] }, ["high V in "]],
  ["without a rating it is unknown", {}, ["unknown V in "]],
  ["a rating of unknown says nothing", { ratings: [{ severity: "unknown" }] }, ["unknown V in "]],
  [
    "a reference that is a package URL is the package",
    { affects: [{ ref: "pkg:deb/debian/openssl@3.4?arch=amd64" }] },
    ["unknown V in openssl"],
  ],
  ...["not_affected", "false_positive", "resolved", "resolved_with_pedigree"].map(
    (state) => [state, { analysis: { state } }, [`unknown V in  (${state})`]] as const,
  ),
  ...["exploitable", "in_triage", "anything"].map(
    (state) => [state, { analysis: { state } }, ["unknown V in "]] as const,
  ),
];

for (const [what, vulnerability, findings] of cycloneDx) {
  test(`CycloneDX: ${what}`, () => {
    assert.deepEqual(found(bom({ id: "V", ...vulnerability })), findings);
  });
}

const groups: readonly (readonly [string, object, readonly string[]])[] = [
  [
    "a group is one finding, called by its CVE",
    { groups: [{ ids: ["GO-1"], aliases: ["CVE-2", "CVE-1"], max_severity: "5.0" }] },
    ["medium CVE-1 in p"],
  ],
  [
    "without a score the advisory's word counts",
    {
      vulnerabilities: [{ id: "G-1", database_specific: { severity: "CRITICAL" } }],
      groups: [{ ids: ["G-1"], max_severity: "" }],
    },
    ["critical G-1 in p"],
  ],
  [
    "without groups each advisory is one finding",
    { vulnerabilities: [{ id: "G-1", aliases: ["CVE-1"] }, { id: "G-2" }] },
    ["unknown CVE-1 in p", "unknown G-2 in p"],
  ],
];

for (const [what, lists, findings] of groups) {
  test(`OSV: ${what}`, () => {
    assert.deepEqual(found(osv({ package: { name: "p" }, ...lists })), findings);
  });
}

test("OSV: a scan that found nothing has no findings", () => {
  assert.deepEqual(found({ results: [] }), []);
  assert.deepEqual(found({ results: [], experimental_config: {} }), []);
});

const incomplete: Readonly<Record<string, unknown>> = {
  "SARIF without results": sarif({ results: null }),
  "SARIF of a tool that failed": sarif({ invocations: [{ executionSuccessful: false }] }),
  "SARIF without a run": { version: "2.1.0", runs: [] },
  "Trivy with an error for a resource": {
    ClusterName: "blue",
    Resources: [{ Kind: "Pod", Name: "a", Error: "no access" }],
  },
  "Trivy's cluster without resources": { ClusterName: "blue" },
  "a bill of materials without a list of vulnerabilities": {
    bomFormat: "CycloneDX",
    components: [],
  },
};

for (const [what, json] of Object.entries(incomplete)) {
  test(`${what} says nothing and is refused`, () => {
    assert.equal(refusalOf(() => readJson("a.json", json)).code, "report-incomplete");
  });
}

const wrong: readonly (readonly [code: string, says: RegExp, json: unknown])[] = [
  ["report-bad-shape", /^a\.json version: expected SARIF/u, { version: "1.0", runs: [{}] }],
  ["report-bad-shape", /runs\[0\]\.tool: expected object, found 3/u, sarif({ tool: 3 })],
  ["report-bad-shape", /\[0\]\.level: expected a level/u, sarif({ results: [{ level: 3 }] })],
  ["report-bad-shape", /results\[0\]: expected a finding with an id/u, sarif({ results: [{}] })],
  [
    "report-bad-number",
    /results\[0\]\.properties\.security-severity: expected a score from 0 to 10, found 11/u,
    sarif({ results: [{ ruleId: "a", properties: score(11) }] }),
  ],
  [
    "report-bad-number",
    /expected a score from 0 to 10, found "NaN"/u,
    sarif({ results: [{ ruleId: "a", properties: score("NaN") }] }),
  ],
  [
    "report-bad-shape",
    /Results\[0\]\.Vulnerabilities\[1\]\.VulnerabilityID: expected a text, found nothing/u,
    trivy({ Target: "a", Vulnerabilities: [{ VulnerabilityID: "CVE-1" }, {}] }),
  ],
  ["report-bad-shape", /Vulnerabilities: expected a list, found "no"/u, trivy({
    Target: "a",
    Vulnerabilities: "no",
  })],
  ["report-bad-number", /\[0\]\.score: .*found -1/u, bom({ id: "V", ratings: [{ score: -1 }] })],
  ["report-bad-shape", /\[0\]: expected a finding with an id/u, bom({ id: " \u0000" })],
  [
    "report-bad-number",
    /groups\[0\]\.max_severity: expected a score/u,
    osv({ package: { name: "p" }, groups: [{ ids: ["a"], max_severity: "1e9" }] }),
  ],
  ["report-bad-shape", /packages\[0\]\.package: expected/u, osv({})],
];

for (const [code, says, json] of wrong) {
  test(`${code} ${says.source}`, () => {
    const refusal = refusalOf(() => readJson("a.json", json));
    assert.equal(refusal.code, code);
    assert.match(refusal.message, says);
  });
}

test("texts of a report lose what could steer a terminal, and are cut without becoming one", () => {
  const json = (PkgName: string): unknown =>
    trivy({ Target: "a", Vulnerabilities: [{ VulnerabilityID: "CVE-\u001b[31m1", PkgName }] });
  assert.deepEqual(found(json("a\u0000b\u202ec\ud800")), ["unknown CVE- [31m1 in a b c\ufffd"]);
  const [one = ""] = found(json(`${"x".repeat(5_000)}1`));
  const [two = ""] = found(json(`${"x".repeat(5_000)}2`));
  assert.ok(one.length < 600 && one !== two);
});

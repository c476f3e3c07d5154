// Every sample is read to exactly these values and findings.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readReport } from "./read-report.ts";
import {
  findingsOf,
  readSample,
  readText,
  sampleBytes,
  sampleNames,
  valuesOf,
} from "./reports.testing.ts";

interface Expected {
  readonly format: string;
  readonly values?: readonly string[];
  readonly findings?: readonly string[];
}

const SUBJECT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const OTHER = "ab".repeat(32);
const OLD_PROVENANCE = {
  format: "provenance",
  values: ["provenance true claim", `provenanceOf:sha256:${OTHER} true claim`],
};

const SAMPLES: Readonly<Record<string, Expected>> = {
  "integration-tests.xml": {
    format: "junit",
    values: [
      "integrationTests 100 percent",
      "testCases 5 count",
      "passed 4 count",
      "failures 0 count",
      "skipped 1 count",
    ],
  },
  "failing.xml": {
    format: "junit",
    values: [
      "tests 50 percent",
      "testCases 4 count",
      "passed 2 count",
      "failures 2 count",
      "skipped 0 count",
    ],
  },
  "cobertura.xml": {
    format: "cobertura",
    values: ["coverage 83.4 percent", "branchCoverage 75 percent"],
  },
  "lcov.info": {
    format: "lcov",
    values: ["coverage 71.428 percent", "branchCoverage 50 percent"],
  },
  "code-scan.sarif": {
    format: "sarif",
    findings: [
      "critical js/eval in src/run.ts",
      "high js/sql in src/db.ts (suppressed inSource: input is a constant)",
      "low js/style in ",
      "medium js/new in ",
    ],
  },
  "trivy-image.json": {
    format: "trivy",
    findings: [
      "critical CVE-2026-1001 in openssl",
      "unknown CVE-2026-1002 in zlib1g",
      "high CVE-2026-1003 in curl (not_affected: never linked)",
      "high private-key in app/.env",
      "high DS002 in Dockerfile",
    ],
  },
  "trivy-cluster.json": { format: "trivy", findings: ["medium CVE-2026-2001 in musl"] },
  "trivy-old.json": { format: "trivy", findings: ["low CVE-2019-3001 in busybox"] },
  "bom.cdx.json": {
    format: "cyclonedx",
    findings: [
      "critical CVE-2026-4001 in @example/left",
      "critical CVE-2026-4001 in org.example:core",
      "high CVE-2026-4002 in org.example:core (not_affected: code_not_reachable)",
      "unknown CVE-2026-4003 in @example/left (unaffected)",
      "low CVE-2026-4004 in  (resolved_with_pedigree)",
    ],
  },
  "osv.json": {
    format: "osv",
    findings: [
      "critical CVE-2026-5001 in left",
      "medium GHSA-dddd-eeee-ffff in left",
      "unknown MAL-2026-7 in left",
    ],
  },
  "provenance.json": {
    format: "provenance",
    values: ["provenance true claim", `provenanceOf:sha256:${SUBJECT} true claim`],
  },
  "provenance.dsse.json": OLD_PROVENANCE,
  "provenance.bundle.json": OLD_PROVENANCE,
  "k6-export.json": {
    format: "k6",
    values: [
      "requests 4000 count",
      "performanceP50 55.5 ms",
      "performanceP90 110.4 ms",
      "performanceP95 181.235 ms",
      "errorRate 0.2 percent",
    ],
  },
  "k6-handle-summary.json": {
    format: "k6",
    values: [
      "requests 4000 count",
      "performanceP50 55.5 ms",
      "performanceP95 181.2 ms",
      "performanceP99 400.5 ms",
      "errorRate 0 percent",
    ],
  },
  "k6-versioned.json": {
    format: "k6",
    values: [
      "requests 1500 count",
      "performanceP50 40 ms",
      "performanceP90 120 ms",
      "performanceP95 150 ms",
      "errorRate 2 percent",
    ],
  },
  "autocannon.json": {
    format: "autocannon",
    values: [
      "requests 9998 count",
      "errorRate 0.1 percent",
      "performanceP50 8 ms",
      "performanceP90 15 ms",
      "performanceP97_5 24 ms",
      "performanceP99 31 ms",
    ],
  },
  "values.txt": {
    format: "values",
    values: [
      "coverage 83.5 percent",
      "performanceP95 180 ms",
      "startUp 1200 ms",
      "openDefects 3 count",
      "compliance true claim",
    ],
  },
  "values.json": {
    format: "values",
    values: [
      "scriptCoverage 96 percent",
      "openDefects 0 count",
      "compliance true claim",
      "licences false claim",
    ],
  },
};

test("every sample has its line in the table", () => {
  assert.deepEqual(sampleNames(), Object.keys(SAMPLES).toSorted());
});

for (const [name, { format, values = [], findings = [] }] of Object.entries(SAMPLES)) {
  test(`${name} is read`, () => {
    const evidence = readSample(name);
    assert.equal(evidence.format, format);
    assert.deepEqual(valuesOf(evidence), values);
    assert.deepEqual(findingsOf(evidence), findings);
  });
}

test("the name is kept without its folder, the digest is that of the bytes", () => {
  const bytes = sampleBytes("lcov.info");
  const evidence = readReport({ name: "build/coverage\\lcov.info", bytes });
  assert.equal(evidence.name, "lcov.info");
  assert.equal(evidence.digest, `sha256:${createHash("sha256").update(bytes).digest("hex")}`);
});

test("the format is found by content, whatever the file is called", () => {
  for (const name of sampleNames()) {
    const renamed = readReport({ name: "report.txt", bytes: sampleBytes(name) });
    assert.equal(renamed.format, readSample(name).format, name);
  }
});

test("a byte order mark and white space before the report do no harm", () => {
  assert.equal(readText("a.json", '\ufeff \n{ "coverage": "80%" }\n').format, "values");
  const xml = '<?xml version="1.0"?>\n\n<testsuite><testcase name="a"/></testsuite>\n';
  assert.equal(readText("a.xml", `\ufeff${xml}`).format, "junit");
});

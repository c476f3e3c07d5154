// Conditions on evidence: every form that is read, every mistake with its advice.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { condition } from "./evidence.testing.ts";
import { parseEvidenceCondition } from "./evidence-condition.ts";
import { evidenceValueText, parseEvidenceValue } from "./evidence-value.ts";
import { KNOWN_NAMES } from "./value-names.ts";

const percent = (value: number): object => ({ unit: "percent", value });
const ms = (value: number): object => ({ unit: "ms", value });
const count = (value: number): object => ({ unit: "count", value });
const claim = (value: boolean): object => ({ unit: "claim", value });

test("every form is read in the value's unit", () => {
  const table: readonly (readonly [name: string, text: string, sign: string, value: object])[] = [
    ["coverage", "> 80%", ">", percent(80)],
    ["coverage", ">=99.5 %", ">=", percent(99.5)],
    ["integrationTests", "100%", "=", percent(100)],
    ["unitTests", "= 100%", "=", percent(100)],
    ["errorRate", "< 0.1%", "<", percent(0.1)],
    ["errorRate", "0%", "=", percent(0)],
    ["criticalVulnerabilities", "0", "=", count(0)],
    ["highVulnerabilities", "<= 3", "<=", count(3)],
    ["vulnerabilities", "< 10", "<", count(10)],
    ["performanceP95", "< 200ms", "<", ms(200)],
    ["performanceP97_5", "<= 1.5s", "<=", ms(1500)],
    ["requests", "> 1000", ">", count(1000)],
    ["compliance", "yes", "=", claim(true)],
    ["provenance", "= yes", "=", claim(true)],
    ["breakingChanges", "no", "=", claim(false)],
    ["scriptCoverage", " >  95% ", ">", percent(95)],
    ["openDefects", "= 3", "=", count(3)],
    ["startUp", "<= 90s", "<=", ms(90_000)],
  ];
  for (const [name, text, comparison, value] of table) {
    const { text: _, ...read } = condition(name, text);
    assert.deepEqual(read, { name, comparison, value }, `${name}: ${text}`);
  }
});

test("the text for people has the name and the comparison", () => {
  assert.equal(condition("coverage", ">80%").text, "coverage > 80%");
  assert.equal(condition("integrationTests", "100%").text, "integrationTests = 100%");
  assert.equal(condition("compliance", "yes").text, "compliance = yes");
});

test("a mistake says what was expected and what to write", () => {
  const table: readonly (readonly [name: string, text: string, says: RegExp])[] = [
    ["covrage", "> 80%", /unknown value covrage.*did you mean coverage\?/u],
    ["Coverage", "> 80%", /did you mean coverage\?/u],
    ["converage", "> 80%", /did you mean coverage\?/u],
    ["integrationTest", "100%", /did you mean integrationTests\?/u],
    ["perfromanceP95", "< 200ms", /did you mean performanceP95\?/u],
    ["", "0", /the name of a value/u],
    ["my coverage", "> 80%", /the name of a value in evidence, found "my coverage"/u],
    ["__proto__", "0", /the name of a value/u],
    ["coverage", "", /a share, found ""|expected a share/u],
    ["coverage", "> 80", /coverage is a share.*found "80" \(write 80%/u],
    ["coverage", "80%", /does not say.*write >= 80%/u],
    ["coverage", "> 80ms", /is a share/u],
    ["coverage", "> 101%", /at most 100%/u],
    ["coverage", "> -5%", /found "-5%"/u],
    ["coverage", "> NaN%", /found "NaN%"/u],
    ["coverage", "> 1e2%", /found "1e2%"/u],
    ["coverage", "> 100%", /can never hold/u],
    ["coverage", "<= 100%", /always holds/u],
    ["coverage", ">= 0%", /always holds/u],
    ["coverage", "== 100%", /write <, <=, >, >= or =/u],
    ["coverage", "≥ 80%", /write <, <=, >, >= or =/u],
    ["coverage", "> 80% for 5m", /expected a share/u],
    ["coverage", "yes", /coverage is a share/u],
    ["performanceP95", "< 200", /performanceP95 is a time.*\(write 200ms/u],
    ["performanceP95", "< 200 m", /unknown unit "m"/u],
    ["performanceP95", "200ms", /write <= 200ms/u],
    ["performanceP95", "< 0ms", /can never hold/u],
    ["performanceP95", "< 99999999999s", /too large/u],
    ["criticalVulnerabilities", "> 0", /only an upper bound.*write <= 0/u],
    ["criticalVulnerabilities", ">= 1", /only an upper bound/u],
    ["criticalVulnerabilities", "3", /only an upper bound.*write <= 3/u],
    ["criticalVulnerabilities", "= 3", /only an upper bound/u],
    ["criticalVulnerabilities", "0%", /is a number/u],
    ["criticalVulnerabilities", "< 0", /can never hold/u],
    ["openDefects", "3", /write <= 3, or = 3/u],
    ["compliance", "true", /expected a percentage, a time, a number, yes or no, found "true"/u],
    ["provenance", "1", /provenance is a claim.*write yes or no/u],
    ["compliance", "> yes", /compares a claim/u],
    ["coverage", `> ${"8".repeat(200)}%`, /at most 100 characters/u],
  ];
  for (const [name, text, says] of table) {
    const parsed = parseEvidenceCondition(name, text);
    if (parsed.kind === "ok") assert.fail(`${name}: ${text} was accepted`);
    assert.match(`${parsed.message} (${parsed.hint})`, says, `${name}: ${text}`);
  }
});

test("names of one's own may be near a known one without being a slip of it", () => {
  for (const name of ["uiTests", "apiTests", "scriptCoverage", "performanceP75", "p95"]) {
    assert.equal(parseEvidenceCondition(name, "100%").kind, "ok", name);
  }
});

test("any name and text give a condition or an error, and nothing throws", () => {
  const pieces = ["<", "<=", "=", ">", "80", "0", "100", "%", "ms", "s", "yes", " ", "é"];
  const piece = fc.constantFrom(...pieces);
  const text = fc.oneof(
    fc.string({ maxLength: 120 }),
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
  );
  const known = fc.constantFrom(...KNOWN_NAMES, "constructor");
  const name = fc.oneof(known, fc.string({ maxLength: 70 }));
  fc.assert(
    fc.property(name, text, (name, text) => {
      const parsed = parseEvidenceCondition(name, text);
      if (parsed.kind === "error") assert.ok(parsed.message !== "" && parsed.hint !== "");
      else assert.ok(Number(parsed.value.value.value) >= 0);
    }),
    { numRuns: 2_000 },
  );
});

test("a value that is printed is read back the same", () => {
  const value = fc.oneof(
    fc.nat(100_000).map((value) => ({ unit: "percent", value: value / 1000 }) as const),
    fc.nat(1_000_000).map((value) => ({ unit: "ms", value: value / 1000 }) as const),
    fc.nat(1_000_000).map((value) => ({ unit: "count", value }) as const),
    fc.boolean().map((value) => ({ unit: "claim", value }) as const),
  );
  fc.assert(
    fc.property(value, (value) => {
      const parsed = parseEvidenceValue("ownName", evidenceValueText(value));
      assert.deepEqual(parsed, { kind: "ok", value });
    }),
  );
});

// SARIF 2.1.0: results as findings, of the rule's security-severity where it has one, otherwise of
// their level. Accepted suppressions are declarations.

import { z } from "zod";
import type { Severity } from "../core/evidence/evidence.ts";
import { findingList, type FindingList } from "./finding-list.ts";
import { eachOf, list, parsePart, text, under, type PartOf } from "./json-parts.ts";
import type { ReportContent, Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { rulesOf, type SarifLevel, type SarifRule } from "./sarif-rules.ts";
import { LEVEL, SECURITY } from "./sarif-rules.ts";
import { severityOfScore } from "./severity.ts";

const INVOCATION = z.object({ executionSuccessful: z.boolean().optional() });
const RUN = z.object({
  results: list,
  invocations: z.array(INVOCATION).max(1000).nullish(),
  artifacts: list,
});

const INDEX = z.number().int().min(-1).optional();
const RESULT = z.object({
  ruleId: text.optional(),
  ruleIndex: INDEX,
  rule: z
    .object({
      id: text.optional(),
      index: INDEX,
      toolComponent: z.object({ index: INDEX }).optional(),
    })
    .optional(),
  kind: text.optional(),
  level: LEVEL.optional(),
  baselineState: text.optional(),
  properties: SECURITY.optional(),
  locations: list,
  suppressions: list,
});
type Result = z.infer<typeof RESULT>;

const LOCATION = z.object({
  physicalLocation: z
    .object({ artifactLocation: z.object({ uri: text.optional(), index: INDEX }).optional() })
    .optional(),
  logicalLocations: z.array(z.object({ fullyQualifiedName: text.optional() })).max(1000).nullish(),
});
const ARTIFACT = z.object({ location: z.object({ uri: text.optional() }).optional() });
const SUPPRESSION = z.object({
  kind: text.optional(),
  status: text.optional(),
  justification: text.optional(),
});

/** What the standard calls no failure; `open` and `review` are still to be judged: they count. */
const NO_FAULT: readonly string[] = ["pass", "notApplicable", "informational"];

const OF_LEVEL: Readonly<Record<SarifLevel, Severity>> = {
  error: "high",
  warning: "medium",
  note: "low",
  none: "low",
};

export const looksLikeSarif = (json: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(json["runs"]) && typeof json["version"] === "string";

export const readSarif = (json: unknown, source: Source): ReportContent => {
  const whole = { source, path: "" };
  const { version, runs } = parsePart(z.object({ version: text, runs: list }), json, whole);
  if (!version.startsWith("2.1")) {
    throw reportRefusal("report-bad-shape", source, "version", {
      message: `expected SARIF 2.1.0, found version ${JSON.stringify(version.slice(0, 20))}`,
      hint: "let the tool write SARIF 2.1.0",
    });
  }
  const findings = findingList();
  eachOf(runs, under(whole, "runs"), (run, of) => addRun(run, of, findings));
  if (runs == null || runs.length === 0) throw incomplete(under(whole, "runs"), "no run");
  return { format: "sarif", values: {}, findings: findings.all() };
};

/** Without results nothing was looked at; an empty list of them means that nothing was found. */
const addRun = (json: unknown, of: PartOf, findings: FindingList): void => {
  const run = parsePart(RUN, json, of);
  if (run.results == null) throw incomplete(under(of, "results"), "none");
  if (run.invocations?.some((one) => one.executionSuccessful === false) === true) {
    throw incomplete(under(of, "invocations"), "executionSuccessful: false");
  }
  const rules = rulesOf(json, of);
  eachOf(run.results, under(of, "results"), (entry, at) => {
    const result = parsePart(RESULT, entry, at);
    if (result.baselineState === "absent" || NO_FAULT.includes(result.kind ?? "fail")) return;
    const rule = rules.ofResult(result);
    findings.add(
      {
        id: result.ruleId ?? result.rule?.id ?? rule?.id ?? "",
        severity: severityIn(result, rule),
        subject: subjectOf(result, run.artifacts ?? [], at),
        declared: declaredBy(result, at),
      },
      at,
    );
  });
};

const severityIn = (result: Result, rule: SarifRule | null): Severity => {
  const score = result.properties?.["security-severity"] ?? rule?.score ?? null;
  if (score !== null) return severityOfScore(score);
  if (result.kind !== undefined && result.kind !== "fail") return "unknown";
  return OF_LEVEL[result.level ?? rule?.level ?? "warning"];
};

/** The file of its first location. */
const subjectOf = ({ locations }: Result, artifacts: readonly unknown[], of: PartOf): string => {
  if (locations == null || locations.length === 0) return "";
  const first = parsePart(LOCATION, locations[0], under(under(of, "locations"), 0));
  const { uri, index = -1 } = first.physicalLocation?.artifactLocation ?? {};
  if (uri !== undefined) return uri;
  const named = first.logicalLocations?.[0]?.fullyQualifiedName ?? "";
  if (index < 0 || index >= artifacts.length) return named;
  return parsePart(ARTIFACT, artifacts[index], of).location?.uri ?? named;
};

/** One that is under review or was rejected leaves the result as it is. */
const declaredBy = ({ suppressions }: Result, of: PartOf): string | null => {
  const all: z.infer<typeof SUPPRESSION>[] = [];
  eachOf(suppressions, under(of, "suppressions"), (entry, at) => {
    all.push(parsePart(SUPPRESSION, entry, at));
  });
  const [first] = all;
  if (first === undefined) return null;
  if (!all.every(({ status }) => status === undefined || status === "accepted")) return null;
  const why = first.justification === undefined ? "" : `: ${first.justification}`;
  return `suppressed ${first.kind ?? ""}`.trim() + why;
};

const incomplete = (of: PartOf, found: string) =>
  reportRefusal("report-incomplete", of.source, of.path, {
    message: `expected the results of a scan that came to its end, found ${found}`,
    hint: "a scan that failed says nothing; run it again",
  });


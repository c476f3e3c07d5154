// CycloneDX JSON with vulnerabilities: one finding for each component that a vulnerability affects,
// as bad as the worst of its ratings. What analysis.state calls harmless is declared.

import { z } from "zod";
import type { Severity } from "../core/evidence/evidence.ts";
import { findingList, type FindingList } from "./finding-list.ts";
import { eachOf, isObject, list, parsePart, text, under, type PartOf } from "./json-parts.ts";
import { nameInPurl } from "./purl.ts";
import type { ReportContent, Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { severityOf, severityOfScore, worstSeverity } from "./severity.ts";

const HARMLESS: readonly string[] = [
  "not_affected",
  "false_positive",
  "resolved",
  "resolved_with_pedigree",
];

const SCORE = "expected a score from 0 to 10";
const RATING = z.object({
  severity: text.optional(),
  score: z.number(SCORE).min(0, SCORE).max(10, SCORE).optional(),
});
const AFFECTED = z.object({
  ref: text,
  versions: z.array(z.object({ status: text.optional() })).max(1000).nullish(),
});
const VULNERABILITY = z.object({
  id: text.optional(),
  ratings: list,
  affects: list,
  analysis: z
    .object({ state: text.optional(), justification: text.optional(), detail: text.optional() })
    .optional(),
});
type Vulnerability = z.infer<typeof VULNERABILITY>;

const BOM = z.object({
  metadata: z.object({ component: z.unknown() }).optional(),
  components: list,
  vulnerabilities: list,
});
const COMPONENT = z.object({
  "bom-ref": text.optional(),
  group: text.optional(),
  name: text.optional(),
  purl: text.optional(),
  components: list,
});

export const looksLikeCycloneDx = (json: Readonly<Record<string, unknown>>): boolean =>
  json["bomFormat"] === "CycloneDX";

export const readCycloneDx = (json: unknown, source: Source): ReportContent => {
  const whole = { source, path: "" };
  const bom = parsePart(BOM, json, whole);
  if (bom.vulnerabilities == null) {
    throw reportRefusal("report-incomplete", source, "vulnerabilities", {
      message: "expected vulnerabilities in the bill of materials, found no list of them",
      hint: "a bill by itself says nothing of them; attach what a scanner made of it",
    });
  }
  const names = new Map<string, string>();
  const own = bom.metadata?.component;
  if (isObject(own)) nameComponent(own, under(under(whole, "metadata"), "component"), names);
  eachOf(bom.components, under(whole, "components"), (entry, at) => {
    nameComponent(entry, at, names);
  });
  const findings = findingList();
  eachOf(bom.vulnerabilities, under(whole, "vulnerabilities"), (entry, at) => {
    addVulnerability({ entry, of: at, names }, findings);
  });
  return { format: "cyclonedx", values: {}, findings: findings.all() };
};

/** Components hold components. */
const nameComponent = (entry: unknown, of: PartOf, names: Map<string, string>): void => {
  const component = parsePart(COMPONENT, entry, of);
  const { "bom-ref": ref, group = "", name = "", purl = "" } = component;
  const plain = group === "" ? name : `${group}/${name}`;
  if (ref !== undefined) names.set(ref, nameInPurl(purl) ?? plain);
  eachOf(component.components, under(of, "components"), (inner, at) => {
    nameComponent(inner, at, names);
  });
};

const addVulnerability = (
  { entry, of, names }: {
    readonly entry: unknown;
    readonly of: PartOf;
    readonly names: ReadonlyMap<string, string>;
  },
  findings: FindingList,
): void => {
  const vulnerability = parsePart(VULNERABILITY, entry, of);
  const { id = "", affects, analysis } = vulnerability;
  const severity = severityIn(vulnerability, of);
  const { state = "" } = analysis ?? {};
  const why = analysis?.justification ?? analysis?.detail;
  const reason = why === undefined ? "" : `: ${why}`;
  const declared = HARMLESS.includes(state) ? `${state}${reason}` : null;
  if (affects == null || affects.length === 0) {
    findings.add({ id, severity, subject: "", declared }, of);
  }
  eachOf(affects, under(of, "affects"), (entry, at) => {
    const { ref, versions } = parsePart(AFFECTED, entry, at);
    const spared = versions?.length && versions.every(({ status }) => status === "unaffected");
    const subject = subjectOf(ref, names);
    findings.add({ id, severity, subject, declared: spared ? "unaffected" : declared }, at);
  });
};

const severityIn = ({ ratings }: Vulnerability, of: PartOf): Severity => {
  const severities: Severity[] = [];
  eachOf(ratings, under(of, "ratings"), (entry, at) => {
    const { severity, score } = parsePart(RATING, entry, at);
    if (severity !== undefined) severities.push(severityOf(severity));
    if (score !== undefined) severities.push(severityOfScore(score));
  });
  return worstSeverity(severities);
};

/** A reference within this bill, or into another: `urn:cdx:serial/1#ref`. */
const subjectOf = (ref: string, names: ReadonlyMap<string, string>): string => {
  const inner = ref.startsWith("urn:cdx:") ? ref.slice(ref.indexOf("#") + 1) : ref;
  return names.get(ref) ?? names.get(inner) ?? nameInPurl(inner) ?? inner;
};

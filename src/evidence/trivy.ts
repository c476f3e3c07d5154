// Trivy JSON, in its four shapes: a report with Results, the bare list of results of old versions,
// and a cluster's report with its resources under Resources (all) or Findings (summary), once under
// Vulnerabilities. Findings are vulnerabilities, secrets and failed checks of configuration;
// licences are left out. What Trivy was told to ignore is declared.

import { z } from "zod";
import { findingList, type FindingList } from "./finding-list.ts";
import { eachOf, isObject, list, parsePart, text, under, type PartOf } from "./json-parts.ts";
import type { ReportContent, Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { severityOf } from "./severity.ts";

const RESULT = z.object({
  Target: text.optional(),
  Vulnerabilities: list,
  Misconfigurations: list,
  Secrets: list,
  ExperimentalModifiedFindings: list,
});
const WHOLE = z.object({ Results: list });
const RESOURCE = z.object({ Results: list, Error: text.optional() });

const VULNERABILITY = z.object({
  VulnerabilityID: text,
  PkgName: text.optional(),
  Severity: text.optional(),
});
const CHECK = z.object({
  ID: text.optional(),
  AVDID: text.optional(),
  Status: text.optional(),
  Severity: text.optional(),
});
const SECRET = z.object({ RuleID: text, Severity: text.optional() });
const MODIFIED = z.object({
  Type: text,
  Status: text,
  Statement: text.optional(),
  Finding: z.unknown(),
});

/** Lists of resources in a cluster's report, by version and kind of report. */
const CLUSTER_LISTS = ["Resources", "Findings", "Vulnerabilities", "Misconfigurations"] as const;
const CLUSTER = z.object(Object.fromEntries(CLUSTER_LISTS.map((key) => [key, list])));
/** Of those that Trivy or a VEX document changes; the others leave a finding as it is. */
const HARMLESS: readonly string[] = ["ignored", "not_affected", "fixed"];

export const looksLikeTrivy = (json: unknown): boolean => {
  if (Array.isArray(json)) return areResults(json);
  if (!isObject(json)) return false;
  if (isCluster(json) || areResults(json["Results"])) return true;
  return typeof json["ArtifactName"] === "string" && typeof json["SchemaVersion"] === "number";
};

const areResults = (entries: unknown): boolean =>
  Array.isArray(entries) &&
  entries.length > 0 &&
  entries.every((one) => isObject(one) && typeof one["Target"] === "string");

const isCluster = (json: Readonly<Record<string, unknown>>): boolean =>
  typeof json["ClusterName"] === "string";

export const readTrivy = (json: unknown, source: Source): ReportContent => {
  const whole = { source, path: "" };
  const findings = findingList();
  if (Array.isArray(json)) addResults(json, whole, findings);
  else if (isObject(json) && isCluster(json)) addCluster(json, whole, findings);
  else addResults(parsePart(WHOLE, json, whole).Results, under(whole, "Results"), findings);
  return { format: "trivy", values: {}, findings: findings.all() };
};

const addCluster = (json: unknown, of: PartOf, findings: FindingList): void => {
  const cluster = parsePart(CLUSTER, json, of);
  for (const key of CLUSTER_LISTS) {
    eachOf(cluster[key], under(of, key), (entry, at) => {
      const resource = parsePart(RESOURCE, entry, at);
      if ((resource.Error ?? "") !== "") throw incomplete(under(at, "Error"));
      addResults(resource.Results, under(at, "Results"), findings);
    });
  }
  if (CLUSTER_LISTS.every((key) => cluster[key] == null)) throw incomplete(of);
};

const addResults = (
  results: readonly unknown[] | null | undefined,
  of: PartOf,
  findings: FindingList,
): void =>
  eachOf(results, of, (entry, at) => {
    const result = parsePart(RESULT, entry, at);
    const target = result.Target ?? "";
    const adding = (read: Reader) => (entry: unknown, of: PartOf) => {
      read({ entry, of, target, declared: null }, findings);
    };
    eachOf(result.Vulnerabilities, under(at, "Vulnerabilities"), adding(addVulnerability));
    eachOf(result.Misconfigurations, under(at, "Misconfigurations"), adding(addCheck));
    eachOf(result.Secrets, under(at, "Secrets"), adding(addSecret));
    const modified = under(at, "ExperimentalModifiedFindings");
    eachOf(result.ExperimentalModifiedFindings, modified, (entry, of) => {
      const { Type, Status, Statement = "", Finding } = parsePart(MODIFIED, entry, of);
      const why = Statement === "" ? "" : `: ${Statement}`;
      const declared = HARMLESS.includes(Status) ? `${Status}${why}` : null;
      const read = Object.hasOwn(READERS, Type) ? READERS[Type] : undefined;
      read?.({ entry: Finding, of: under(of, "Finding"), target, declared }, findings);
    });
  });

interface Entry {
  readonly entry: unknown;
  readonly of: PartOf;
  readonly target: string;
  readonly declared: string | null;
}

type Reader = (entry: Entry, findings: FindingList) => void;

const addVulnerability: Reader = ({ entry, of, target, declared }, findings) => {
  const { VulnerabilityID: id, PkgName, Severity } = parsePart(VULNERABILITY, entry, of);
  findings.add({ id, severity: severityOf(Severity), subject: PkgName ?? target, declared }, of);
};

const addCheck: Reader = ({ entry, of, target, declared }, findings) => {
  const { ID, AVDID, Status = "FAIL", Severity } = parsePart(CHECK, entry, of);
  if (Status !== "FAIL") return;
  const id = ID ?? AVDID ?? "";
  findings.add({ id, severity: severityOf(Severity), subject: target, declared }, of);
};

const addSecret: Reader = ({ entry, of, target, declared }, findings) => {
  const { RuleID: id, Severity } = parsePart(SECRET, entry, of);
  findings.add({ id, severity: severityOf(Severity), subject: target, declared }, of);
};

const READERS: Readonly<Record<string, Reader>> = {
  vulnerability: addVulnerability,
  misconfiguration: addCheck,
  secret: addSecret,
};

const incomplete = (of: PartOf) =>
  reportRefusal("report-incomplete", of.source, of.path, {
    message: "expected the findings of a scan that came to its end, found none",
    hint: "a scan that failed says nothing; run it again",
  });

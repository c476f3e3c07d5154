// OSV-Scanner JSON: one finding for each group of advisories that are names of one thing, called by
// its CVE where it has one, as other scanners do.

import { z } from "zod";
import type { Severity } from "../core/evidence/evidence.ts";
import { findingList, type FindingList } from "./finding-list.ts";
import { eachOf, isObject, list, parsePart, text, under, type PartOf } from "./json-parts.ts";
import type { ReportContent, Source } from "./report.ts";
import { severityOf, severityOfScore, worstSeverity } from "./severity.ts";

const NAMES = z.array(text).max(1000).nullish();
const RESULT = z.object({ packages: list });
const PACKAGE = z.object({
  package: z.object({ name: text }),
  vulnerabilities: list,
  groups: list,
});
const ADVISORY = z.object({
  id: text,
  aliases: NAMES,
  database_specific: z.object({ severity: z.unknown() }).nullish(),
});
type Advisory = z.infer<typeof ADVISORY>;
const SCORE = "expected a score from 0 to 10";
const GROUP = z.object({
  ids: z.array(text).min(1).max(1000),
  aliases: NAMES,
  /** A CVSS score as text; empty where none is known. */
  max_severity: z.string(SCORE).regex(/^(?:|10(?:\.0+)?|\d(?:\.\d{1,10})?)$/u, SCORE).nullish(),
});
type Group = z.infer<typeof GROUP>;

/** Other tools, too, call their list `results`: an empty one must be this scanner's own. */
export const looksLikeOsv = (json: Readonly<Record<string, unknown>>): boolean => {
  const results = json["results"];
  if (!Array.isArray(results)) return false;
  if (results.length === 0) return "experimental_config" in json || Object.keys(json).length === 1;
  return results.every(
    (one) => isObject(one) && ("packages" in one || "source" in one || "packageSource" in one),
  );
};

export const readOsv = (json: unknown, source: Source): ReportContent => {
  const whole = { source, path: "" };
  const { results } = parsePart(z.object({ results: list }), json, whole);
  const findings = findingList();
  eachOf(results, under(whole, "results"), (entry, at) => {
    const { packages } = parsePart(RESULT, entry, at);
    eachOf(packages, under(at, "packages"), (entry, at) => addPackage(entry, at, findings));
  });
  return { format: "osv", values: {}, findings: findings.all() };
};

const addPackage = (entry: unknown, of: PartOf, findings: FindingList): void => {
  const found = parsePart(PACKAGE, entry, of);
  const advisories = new Map<string, Advisory>();
  eachOf(found.vulnerabilities, under(of, "vulnerabilities"), (entry, at) => {
    const advisory = parsePart(ADVISORY, entry, at);
    advisories.set(advisory.id, advisory);
  });
  const add = (group: Group, at: PartOf): void => {
    const members = group.ids.flatMap((id) => advisories.get(id) ?? []);
    const names = [group, ...members].flatMap(({ aliases }) => aliases ?? []);
    const all = [...group.ids, ...names];
    const id = all.filter((one) => one.startsWith("CVE-")).toSorted()[0] ?? group.ids[0] ?? "";
    const severity = severityIn(group, members);
    findings.add({ id, severity, subject: found.package.name, declared: null }, at);
    for (const member of group.ids) advisories.delete(member);
  };
  eachOf(found.groups, under(of, "groups"), (entry, at) => add(parsePart(GROUP, entry, at), at));
  // Old versions make no groups.
  for (const id of advisories.keys()) add({ ids: [id] }, under(of, "vulnerabilities"));
};

const severityIn = ({ max_severity: score }: Group, members: readonly Advisory[]): Severity => {
  if (score != null && score !== "") return severityOfScore(Number(score));
  const words = members.map((member) => member.database_specific?.severity);
  return worstSeverity(words.map((word) => severityOf(typeof word === "string" ? word : null)));
};

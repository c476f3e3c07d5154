// Counts findings over the newest scan of each name: one for each id and subject, however many
// reports tell it. What was waived, and what its own reports declare harmless, is kept apart.

import type { Evidence, EvidenceFormat, Finding } from "./evidence.ts";
import { countsUnder } from "./value-names.ts";
import type { WaiverInForce, Waivers } from "./waivers-in-force.ts";

/** A report of one of these without findings says that there are none; all others say nothing. */
const SCANS: readonly EvidenceFormat[] = ["sarif", "trivy", "cyclonedx", "osv"];

export interface Tally {
  readonly open: readonly Finding[];
  readonly waived: readonly { readonly finding: Finding; readonly waiver: WaiverInForce }[];
  readonly declared: readonly Finding[];
}

/** The newest of each name and format, out of reports in the order they came. Two tools that both
 * call their file `report.json` do not hide each other. */
export const newestReports = (evidence: readonly Evidence[]): readonly Evidence[] => {
  const newest = new Map<string, Evidence>();
  for (const one of evidence) newest.set(`${one.format} ${one.name}`, one);
  return [...newest.values()];
};

export const isScan = (report: Evidence): boolean => SCANS.includes(report.format);

/** `name` is one of those made of findings. A finding that one report declares harmless and another
 * does not is open: nothing that is found anew may close it. */
export const tally = (
  name: string,
  newest: readonly Evidence[],
  waivers: Waivers,
): Tally => {
  const distinct = new Map<string, Finding>();
  for (const finding of newest.flatMap((report) => report.findings)) {
    if (!countsUnder(name, finding.severity)) continue;
    const key = `${finding.id}\n${finding.subject}`;
    const other = distinct.get(key);
    if (other === undefined || (other.declared !== null && finding.declared === null)) {
      distinct.set(key, finding);
    }
  }
  const all = [...distinct.values()];
  const declared = all.filter((finding) => finding.declared !== null);
  const told = all.filter((finding) => finding.declared === null);
  const open = told.filter((finding) => !waivers.inForce.has(finding.id));
  const waived = told.flatMap((finding) => {
    const waiver = waivers.inForce.get(finding.id);
    return waiver === undefined ? [] : [{ finding, waiver }];
  });
  return { open, waived, declared };
};

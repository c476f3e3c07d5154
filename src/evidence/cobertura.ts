// Cobertura XML: `coverage` is the line rate and `branchCoverage` the branch rate of the whole
// report. Counted lines go before the rate, which tools round; where none was measured it is 0.

import type { EvidenceValue } from "../core/evidence/evidence.ts";
import type { Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { shareOf, shareOfRate } from "./shares.ts";
import { countOf, rateOf } from "./xml-numbers.ts";
import type { XmlElement, XmlReader } from "./xml-text.ts";

export const coberturaReader = (source: Source): XmlReader => {
  let values: Readonly<Record<string, EvidenceValue>> | null = null;
  return {
    open: (element) => {
      values ??= valuesOf(element, source);
    },
    close: () => undefined,
    done: () => ({ format: "cobertura", values: values ?? {}, findings: [] }),
  };
};

const valuesOf = (root: XmlElement, source: Source): Readonly<Record<string, EvidenceValue>> => {
  const lines = shareIn(root, "line", source);
  if (lines === null) {
    throw reportRefusal("report-bad-shape", source, root.line, {
      message: "expected line-rate in the element coverage, found none",
      hint: "attach Cobertura's XML; other reports of coverage look alike and are not",
    });
  }
  const branches = shareIn(root, "branch", source);
  // A tool that does not look at branches writes that it looked at none.
  const measured = branches !== null && countOf(root, "branches-valid", source) !== 0;
  return { coverage: lines, ...(measured ? { branchCoverage: branches } : {}) };
};

const shareIn = (root: XmlElement, of: "line" | "branch", source: Source): EvidenceValue | null => {
  const counts = of === "line" ? "lines" : "branches";
  const rate = rateOf(root, `${of}-rate`, source);
  const covered = countOf(root, `${counts}-covered`, source);
  const valid = countOf(root, `${counts}-valid`, source);
  if (covered === null || valid === null) return rate === null ? null : shareOfRate(rate);
  if (covered <= valid) return shareOf(covered, valid);
  throw reportRefusal("report-bad-number", source, root.line, {
    message: `expected at most ${valid} ${counts}-covered, found ${covered}`,
    hint: "attach the report as its tool wrote it",
  });
};

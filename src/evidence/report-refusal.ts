// What is wrong with a report, in one form for all formats: a stable code, the place in the file,
// what was expected, and what to do.

import { Refusal } from "../core/refusal.ts";
import { cleanText } from "./clean-text.ts";
import type { Source } from "./report.ts";

export type ReportCode =
  | "report-bad-name"
  | "report-too-large"
  | "report-empty"
  | "report-not-utf8"
  | "report-unknown"
  | "report-truncated"
  | "report-bad-json"
  | "report-bad-xml"
  | "report-bad-line"
  | "report-bad-shape"
  | "report-bad-number"
  | "report-entities"
  | "report-too-deep"
  | "report-too-many"
  | "report-incomplete";

/** `at`: a line, or a path such as `Results[0].Vulnerabilities`; null: the whole file. */
export const reportRefusal = (
  code: ReportCode,
  source: Source,
  at: number | string | null,
  says: { readonly message: string; readonly hint: string },
): Refusal => {
  const place = at === null || at === "" ? "" : typeof at === "number" ? `:${at}` : ` ${at}`;
  return new Refusal({ code, where: cleanText(`${source.name}${place}`, 300), ...says });
};

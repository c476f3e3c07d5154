// Numbers in attributes of XML reports.

import { cleanText } from "./clean-text.ts";
import type { Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import type { XmlElement } from "./xml-text.ts";

/** No report has more of anything. */
const MAX_COUNT = 1e9;

/** A whole number; null: there is no such attribute. */
export const countOf = (element: XmlElement, key: string, source: Source): number | null =>
  numberOf(element, key, { source, pattern: /^\d{1,10}$/u, max: MAX_COUNT });

/** From 0 to 1; null: there is no such attribute. */
export const rateOf = (element: XmlElement, key: string, source: Source): number | null =>
  numberOf(element, key, { source, pattern: /^\d(?:\.\d{1,20})?(?:[eE]-\d{1,2})?$/u, max: 1 });

const numberOf = (
  { name, attributes, line }: XmlElement,
  key: string,
  expected: { readonly source: Source; readonly pattern: RegExp; readonly max: number },
): number | null => {
  const written = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  if (written === undefined) return null;
  const value = expected.pattern.test(written.trim()) ? Number(written) : Number.NaN;
  if (value <= expected.max) return value;
  throw reportRefusal("report-bad-number", expected.source, line, {
    message: `expected ${key} of ${name} to be a number from 0 to ${expected.max}, found ${
      JSON.stringify(cleanText(written, 40))
    }`,
    hint: "attach the report as its tool wrote it",
  });
};

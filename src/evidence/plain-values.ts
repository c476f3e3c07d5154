// The plain form: `name: 83%` a line, or a flat JSON object. Units are those of conditions; true
// and false are yes and no.

import type { EvidenceValue } from "../core/evidence/evidence.ts";
import { parseEvidenceValue } from "../core/evidence/evidence-value.ts";
import { isValueName } from "../core/evidence/value-names.ts";
import { cleanText } from "./clean-text.ts";
import type { ReportContent, Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { eachLine } from "./text-lines.ts";

const MAX_VALUES = 1_000;

export const readPlainLines = (text: string, source: Source): ReportContent => {
  const values = valueList(source);
  eachLine(text, ({ text: line, number }) => {
    if (line === "" || line.startsWith("#")) return;
    const [, name, value] = /^([^:\s]+)\s*:\s*(\S.*)$/u.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw reportRefusal("report-unknown", source, number, {
        message: `expected name: value, found ${JSON.stringify(cleanText(line, 40))}`,
        hint: "this is no report that is known here; a plain one has lines like coverage: 83%",
      });
    }
    values.add(name, value, number);
  });
  return values.content();
};

export const isFlat = (json: Readonly<Record<string, unknown>>): boolean =>
  Object.values(json).every((value) => ["string", "number", "boolean"].includes(typeof value));

export const readPlainObject = (
  json: Readonly<Record<string, unknown>>,
  source: Source,
): ReportContent => {
  const values = valueList(source);
  for (const [name, value] of Object.entries(json)) values.add(name, wordOf(value), name);
  return values.content();
};

/** As it would be written in a line. Numbers that JSON writes with an exponent are not read. */
const wordOf = (value: unknown): string =>
  typeof value === "boolean" ? (value ? "yes" : "no") : String(value);

/** Each name once. */
const valueList = (source: Source) => {
  const values = new Map<string, EvidenceValue>();
  return {
    add: (name: string, text: string, at: number | string): void => {
      if (!isValueName(name)) {
        throw reportRefusal("report-bad-shape", source, at, {
          message: `expected the name of a value, found ${JSON.stringify(cleanText(name, 40))}`,
          hint: "a letter, then letters, digits and underscores, at most 64",
        });
      }
      if (values.has(name)) {
        const message = `expected each name once, found ${name} again`;
        throw reportRefusal("report-bad-shape", source, at, { message, hint: "keep one of them" });
      }
      if (values.size >= MAX_VALUES) {
        const message = `expected at most ${MAX_VALUES} values, found more`;
        const hint = "keep those that gates ask for";
        throw reportRefusal("report-too-many", source, at, { message, hint });
      }
      const parsed = parseEvidenceValue(name, text);
      if (parsed.kind === "error") {
        const message = cleanText(parsed.message, 300);
        throw reportRefusal("report-bad-number", source, at, { message, hint: parsed.hint });
      }
      values.set(name, parsed.value);
    },
    content: (): ReportContent => {
      if (values.size > 0) {
        return { format: "values", values: Object.fromEntries(values), findings: [] };
      }
      const message = "expected at least one value, found none";
      const hint = "write a line like coverage: 83%";
      throw reportRefusal("report-empty", source, null, { message, hint });
    },
  };
};


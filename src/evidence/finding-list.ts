// The findings of one report as they are gathered: cleaned, each once, and not too many.

import type { Finding } from "../core/evidence/evidence.ts";
import { cleanText } from "./clean-text.ts";
import type { PartOf } from "./json-parts.ts";
import { MAX_ENTRIES } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";

const MAX_ID = 200;
const MAX_SUBJECT = 500;
const MAX_DECLARED = 300;

export interface FindingList {
  /** Refuses a finding without an id. `of`: where it stands. */
  add(finding: Finding, of: PartOf): void;
  all(): readonly Finding[];
}

export const findingList = (): FindingList => {
  const distinct = new Map<string, Finding>();
  let count = 0;
  return {
    add: (finding, of) => {
      count += 1;
      if (count > MAX_ENTRIES) {
        throw reportRefusal("report-too-many", of.source, of.path, {
          message: `expected at most ${MAX_ENTRIES} findings, found more`,
          hint: "report each part by itself",
        });
      }
      const clean = cleaned(finding);
      if (clean.id === "") {
        const message = "expected a finding with an id, found an empty one";
        const hint = "without an id it can be neither told nor waived";
        throw reportRefusal("report-bad-shape", of.source, of.path, { message, hint });
      }
      const { id, subject, severity, declared } = clean;
      const key = [id, subject, severity, declared === null].join("\n");
      if (!distinct.has(key)) distinct.set(key, clean);
    },
    all: () => [...distinct.values()],
  };
};

const cleaned = ({ id, severity, subject, declared }: Finding): Finding => ({
  id: cleanText(id, MAX_ID),
  severity,
  subject: cleanText(subject, MAX_SUBJECT),
  declared: declared === null ? null : cleanText(declared, MAX_DECLARED),
});

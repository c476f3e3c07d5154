// A report's bytes to Evidence. The format is found by what is in it, never by the file's name, and
// whatever is no report ends in a Refusal with a code, the place and what was expected.

import { hash } from "node:crypto";
import type { Evidence } from "../core/evidence/evidence.ts";
import type { Digest } from "../core/ids.ts";
import { looksLikeAutocannon, readAutocannon } from "./autocannon.ts";
import { cleanText } from "./clean-text.ts";
import { coberturaReader } from "./cobertura.ts";
import { looksLikeCycloneDx, readCycloneDx } from "./cyclonedx.ts";
import { decodeText } from "./decode-text.ts";
import { isObject } from "./json-parts.ts";
import { parseJsonText } from "./json-text.ts";
import { junitReader } from "./junit.ts";
import { looksLikeK6, readK6 } from "./k6.ts";
import { looksLikeLcov, readLcov } from "./lcov.ts";
import { looksLikeOsv, readOsv } from "./osv.ts";
import { isFlat, readPlainLines, readPlainObject } from "./plain-values.ts";
import { looksLikeProvenance, readProvenance } from "./provenance.ts";
import { MAX_BYTES, type ReportContent, type Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { looksLikeSarif, readSarif } from "./sarif.ts";
import { looksLikeTrivy, readTrivy } from "./trivy.ts";
import { readXmlText, type XmlReader } from "./xml-text.ts";

const MAX_NAME = 200;

/** By the name of the root element. */
const XML_READERS: ReadonlyMap<string, (source: Source) => XmlReader> = new Map([
  ["testsuites", junitReader],
  ["testsuite", junitReader],
  ["coverage", coberturaReader],
]);

/** The first that it looks like; they are told apart by keys that only one of them has. */
const JSON_READERS: readonly {
  readonly looks: (json: Readonly<Record<string, unknown>>) => boolean;
  readonly read: (json: unknown, source: Source) => ReportContent;
}[] = [
  { looks: looksLikeSarif, read: readSarif },
  { looks: looksLikeCycloneDx, read: readCycloneDx },
  { looks: looksLikeProvenance, read: readProvenance },
  { looks: looksLikeTrivy, read: readTrivy },
  { looks: looksLikeOsv, read: readOsv },
  { looks: looksLikeK6, read: readK6 },
  { looks: looksLikeAutocannon, read: readAutocannon },
];

/** `name` may have a folder before it; it is left out. Throws a Refusal and nothing else. */
export const readReport = (input: {
  readonly name: string;
  readonly bytes: Uint8Array;
}): Evidence => {
  const source = sourceOf(input.name);
  const { bytes } = input;
  if (bytes.length > MAX_BYTES) {
    throw reportRefusal("report-too-large", source, null, {
      message: `expected at most ${MAX_BYTES} bytes, found ${bytes.length}`,
      hint: "report each part by itself",
    });
  }
  const digest = `sha256:${hash("sha256", bytes, "hex")}` as Digest;
  return { ...contentOf(decodeText(bytes, source), source), name: source.name, digest };
};

const sourceOf = (path: string): Source => {
  const name = cleanText(path.split(/[/\\]/u).at(-1) ?? "", MAX_NAME);
  if (name !== "") return { name };
  const message = "expected the report's file name, found none";
  const hint = "the newest report of each name counts, so it needs one";
  throw reportRefusal("report-bad-name", { name: "report" }, null, { message, hint });
};

const contentOf = (text: string, source: Source): ReportContent => {
  const first = /\S/u.exec(text)?.[0];
  if (first === "<") return readXmlText(text, source, XML_READERS);
  if (first === "{" || first === "[") return readJson(parseJsonText(text, source), source);
  return looksLikeLcov(text) ? readLcov(text, source) : readPlainLines(text, source);
};

const readJson = (json: unknown, source: Source): ReportContent => {
  if (isObject(json)) {
    const reader = JSON_READERS.find(({ looks }) => looks(json));
    if (reader !== undefined) return reader.read(json, source);
    if (isFlat(json)) return readPlainObject(json, source);
  } else if (looksLikeTrivy(json)) return readTrivy(json, source);
  throw reportRefusal("report-unknown", source, null, {
    message: "expected a report that is known here, found other JSON",
    hint:
      "known: SARIF, Trivy, CycloneDX, OSV-Scanner, SLSA provenance, k6, autocannon, " +
      "and a flat object such as { \"coverage\": \"83%\" }",
  });
};

// in-toto statements of SLSA provenance, bare, in a DSSE envelope or in a Sigstore bundle. Gives
// `provenance = yes`, and for each subject a claim that carries its digest, so that it can be
// compared with the artifact's. Signatures are not verified: whoever attaches it answers for it.

import { z } from "zod";
import type { EvidenceValue } from "../core/evidence/evidence.ts";
import { provenanceName } from "../core/evidence/value-names.ts";
import type { Digest } from "../core/ids.ts";
import { decodeText } from "./decode-text.ts";
import { eachOf, isObject, parsePart, text, under, type PartOf } from "./json-parts.ts";
import { parseJsonText } from "./json-text.ts";
import type { ReportContent, Source } from "./report.ts";

/** One build rarely has more than a few. */
const MAX_SUBJECTS = 1_000;
const PREDICATE = "https://slsa.dev/provenance/";
const PAYLOAD_TYPE = "application/vnd.in-toto+json";

const ENVELOPE = z.object({
  payloadType: z.literal(PAYLOAD_TYPE, `expected ${PAYLOAD_TYPE}`),
  payload: z.string("expected a text in base64").regex(/^[\w+/-]*={0,2}$/u, "expected base64"),
  signatures: z.array(z.unknown(), "expected signatures").min(1, "expected signatures"),
});
const STATEMENT = z.object({
  _type: z.string().startsWith("https://in-toto.io/Statement/", "expected an in-toto statement"),
  predicateType: z.string().startsWith(PREDICATE, `expected ${PREDICATE}…`),
  subject: z.array(z.unknown(), "expected subjects").min(1, "expected subjects").max(MAX_SUBJECTS),
  predicate: z.unknown(),
});
const SUBJECT = z.object({
  digest: z.object({
    sha256: z.string("expected a digest").regex(/^[0-9a-fA-F]{64}$/u, "expected 64 hex digits"),
  }),
});
const BUILDER = z.object({ builder: z.object({ id: text.min(1, "expected the builder's id") }) });
/** Where version 1 has the builder; earlier ones have it in the predicate itself. */
const DETAILS = z.object({ runDetails: BUILDER });

export const looksLikeProvenance = (json: Readonly<Record<string, unknown>>): boolean =>
  isStatement(json) || isEnvelope(json) || isObject(json["dsseEnvelope"]);

const isStatement = (json: Readonly<Record<string, unknown>>): boolean =>
  "_type" in json && "predicateType" in json;

const isEnvelope = (json: Readonly<Record<string, unknown>>): boolean =>
  "payload" in json && "payloadType" in json;

export const readProvenance = (json: unknown, source: Source): ReportContent => {
  const whole = { source, path: "" };
  if (!isObject(json) || isStatement(json)) return contentOf(json, whole);
  const bundled = json["dsseEnvelope"];
  const of = isObject(bundled) ? under(whole, "dsseEnvelope") : whole;
  return contentOf(payloadIn(bundled ?? json, of), under(of, "payload"));
};

const payloadIn = (envelope: unknown, of: PartOf): unknown => {
  const { payload } = parsePart(ENVELOPE, envelope, of);
  const inner: Source = { name: `${of.source.name} ${under(of, "payload").path}` };
  return parseJsonText(decodeText(Buffer.from(payload, "base64"), inner), inner);
};

const contentOf = (json: unknown, of: PartOf): ReportContent => {
  const { subject, predicate } = parsePart(STATEMENT, json, of);
  const place = under(of, "predicate");
  if (isObject(predicate) && "runDetails" in predicate) parsePart(DETAILS, predicate, place);
  else parsePart(BUILDER, predicate, place);
  const values: [string, EvidenceValue][] = [["provenance", { unit: "claim", value: true }]];
  eachOf(subject, under(of, "subject"), (entry, at) => {
    const { sha256 } = parsePart(SUBJECT, entry, at).digest;
    const digest = `sha256:${sha256.toLowerCase()}` as Digest;
    values.push([provenanceName(digest), { unit: "claim", value: true }]);
  });
  return { format: "provenance", values: Object.fromEntries(values), findings: [] };
};

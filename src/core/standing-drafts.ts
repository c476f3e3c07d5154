// Audit records of what was said of something other than one run. A report may be long: its record
// has the values and a hash over all of it, so that what is kept beside the chain can be held
// against it.

import type { AuditDraft } from "./audit-drafts.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Actor, Instant } from "./ids.ts";
import { sha256Hex } from "./sha256.ts";
import type { Standing, StandingBody } from "./standing.ts";

export const standingDraft = (
  fact: Omit<Standing, "seq" | "ended"> & { readonly id: string },
): AuditDraft => {
  const { id, by, at, from, until, release, service, environment, body } = fact;
  const about = { release, service, environment };
  return draft({ by, at, why: reasonOf(body) }, `standing.${body.kind}`, fact, {
    id,
    from,
    until,
    about,
    body: brief(body),
    hash: `sha256:${sha256Hex(canonicalJson(body))}`,
  });
};

/** `fact`: as it is before. */
export const standingEndedDraft = (
  fact: Standing,
  word: { readonly by: Actor; readonly at: Instant; readonly reason: string },
): AuditDraft => {
  const { by, at, reason: why } = word;
  return draft({ by, at, why }, "standing.ended", fact, { seq: fact.seq, kind: fact.body.kind });
};

type About = Pick<Standing, "release" | "service" | "environment">;

const draft = (
  word: Pick<AuditDraft, "by" | "at" | "why">,
  action: string,
  about: About,
  data: AuditDraft["data"],
): AuditDraft => ({ ...word, action, subject: subjectOf(about), planHash: null, data });

/** `hello@1.2.0`, `hello.production`, `production`, or `everything`. */
const subjectOf = ({ release, service, environment }: About): string => {
  if (release !== null) return environment === null ? release : `${release} in ${environment}`;
  const parts = [service, environment].filter((part) => part !== null);
  return parts.length === 0 ? "everything" : parts.join(".");
};

const reasonOf = (body: StandingBody): string | null => ("reason" in body ? body.reason : null);

const brief = (body: StandingBody): unknown => {
  if (body.kind !== "evidence") return body;
  const { findings, ...evidence } = body.evidence;
  return { kind: body.kind, evidence: { ...evidence, findings: findings.length } };
};

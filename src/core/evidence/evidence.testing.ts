// Reports, waivers and conditions for tests, as short as they can be written.

import type { Actor, Digest, Instant, ReleaseId } from "../ids.ts";
import type { Evidence, Finding, ValueCondition, Waiver } from "./evidence.ts";
import { parseEvidenceCondition } from "./evidence-condition.ts";

export const at = (ms: number): Instant => ms as Instant;

/** Of the release that tests ask about. */
export const RELEASE = "hello@1.1.0" as ReleaseId;
export const ARTIFACT = `sha256:${"a".repeat(64)}` as Digest;

export const condition = (name: string, text: string): ValueCondition => {
  const parsed = parseEvidenceCondition(name, text);
  if (parsed.kind === "ok") return parsed.value;
  throw new Error(`${name}: ${parsed.message}`);
};

export const report = (name: string, rest: Partial<Evidence>): Evidence => ({
  format: "values",
  name,
  digest: `sha256:${"0".repeat(64)}` as Digest,
  values: {},
  findings: [],
  ...rest,
});

/** A Trivy report. */
export const scan = (name: string, ...findings: readonly Finding[]): Evidence =>
  report(name, { format: "trivy", findings });

export const finding = (
  id: string,
  severity: Finding["severity"],
  rest: Partial<Finding> = {},
): Finding => ({ id, severity, subject: "openssl", declared: null, ...rest });

/** By alice, for a reason, until 1000. */
export const waiver = (what: string, rest: Partial<Waiver> = {}): Waiver => ({
  what,
  reason: "not reachable from outside",
  owner: "alice" as Actor,
  until: at(1000),
  ...rest,
});

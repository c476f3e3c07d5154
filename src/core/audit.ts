// The audit chain: each record hashes the one before, so a changed, missing or inserted record
// breaks it from there on. One chain per lane and one, `control`, for everything else; the head of
// a lane's chain is noted in `control` whenever one of its runs ends.

import { canonicalJson } from "./canonical-json.ts";
import type { Actor, Instant } from "./ids.ts";
import { sha256Hex } from "./sha256.ts";

export interface AuditBody {
  /** `control`, or a lane's name. */
  readonly chain: string;
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  readonly at: Instant;
  readonly by: Actor;
  /** Stable, dotted, past tense: `run.settled`, `definitions.applied`. */
  readonly action: string;
  /** What it was done to: a run, a release, a lane. */
  readonly subject: string;
  readonly why: string | null;
  readonly planHash: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AuditRecord extends AuditBody {
  readonly previous: string;
  readonly hash: string;
}

/** `previous` of the first record in every chain. */
export const GENESIS = "0".repeat(64);

/** SHA-256, hexadecimal, over the previous hash, a line feed and the body's canonical JSON (RFC
 * 8785). */
export const auditHash = (previous: string, body: AuditBody): string =>
  sha256Hex(`${previous}\n${canonicalJson(body)}`);

export const seal = (previous: string, body: AuditBody): AuditRecord => ({
  ...body,
  previous,
  hash: auditHash(previous, body),
});

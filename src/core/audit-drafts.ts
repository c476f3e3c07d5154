// Audit records before they have their place in a chain: what is said of each thing that happens.

import type { AuditBody, AuditRecord } from "./audit.ts";
import { seal } from "./audit.ts";
import type { FactBody } from "./fact.ts";
import { SLUICE } from "./ids.ts";
import type { Actor, Digest, Instant, ReleaseId, RunId } from "./ids.ts";
import { laneName } from "./lane.ts";
import type { LaneKey } from "./lane.ts";
import type { Plan } from "./plan.ts";
import type { Origin } from "./run.ts";

export type AuditDraft = Omit<AuditBody, "chain" | "seq">;

/** The chain of everything that belongs to no lane. */
export const CONTROL = "control";

/** Last record of a chain. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** Gives the drafts their places behind the head. */
export const append = (
  chain: string,
  head: AuditHead,
  drafts: readonly AuditDraft[],
): readonly AuditRecord[] => {
  const records: AuditRecord[] = [];
  let { seq, hash } = head;
  for (const draft of drafts) {
    const record = seal(hash, { ...draft, chain, seq: seq + 1 });
    records.push(record);
    ({ seq, hash } = record);
  }
  return records;
};

/** Notes the head of a lane's chain in `control`, so that the end of a chain cannot be cut off. */
export const anchorDraft = (lane: LaneKey, head: AuditHead, at: Instant): AuditDraft => ({
  at,
  by: SLUICE,
  action: ANCHOR,
  subject: laneName(lane),
  why: null,
  planHash: null,
  data: { chain: laneName(lane), seq: head.seq, hash: head.hash },
});

export const ANCHOR = "chain.anchored";

/** The record of a run that begins to be: who asked for it, and why. */
export const createdDraft = (given: {
  readonly id: RunId;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly at: Instant;
}): AuditDraft => ({
  at: given.at,
  by: given.origin.by,
  action: "run.created",
  subject: given.id,
  why: given.origin.reason,
  planHash: given.plan.hash,
  data: { origin: given.origin.kind, release: given.plan.release.id },
});

/** The record of what somebody said about a run. */
export const saidDraft = (given: {
  readonly run: RunId;
  readonly planHash: string;
  readonly by: Actor;
  readonly at: Instant;
  readonly fact: FactBody;
}): AuditDraft => ({
  at: given.at,
  by: given.by,
  action: `fact.${given.fact.kind}`,
  subject: given.run,
  why: "reason" in given.fact ? given.fact.reason : null,
  planHash: given.planHash,
  data: { fact: given.fact },
});

export const releaseDraft = (given: {
  readonly id: ReleaseId;
  readonly artifact: Digest;
  readonly author: Actor;
  readonly createdAt: Instant;
}): AuditDraft => ({
  at: given.createdAt,
  by: given.author,
  action: "release.created",
  subject: given.id,
  why: null,
  planHash: null,
  data: { artifact: given.artifact },
});

export const definitionsDraft = (given: {
  readonly version: number;
  /** `kind/name` each. */
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly retired: readonly string[];
  readonly by: Actor;
  readonly at: Instant;
}): AuditDraft => ({
  at: given.at,
  by: given.by,
  action: "definitions.applied",
  subject: `version ${given.version}`,
  why: null,
  planHash: null,
  data: { added: given.added, updated: given.updated, retired: given.retired },
});

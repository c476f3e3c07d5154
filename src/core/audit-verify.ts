// Verifies audit chains: recomputes every hash and finds the first record that is not what was
// written, or is missing. A cut-off end shows only against the anchors in `control`.

import type { AuditRecord } from "./audit.ts";
import { auditHash, GENESIS } from "./audit.ts";
import { ANCHOR } from "./audit-drafts.ts";
import { assertNever } from "./ids.ts";

export type AuditFault =
  /** Its content was changed after it was sealed. */
  | { readonly kind: "wrong-hash"; readonly chain: string; readonly seq: number }
  /** It does not follow the record before it. */
  | { readonly kind: "wrong-previous"; readonly chain: string; readonly seq: number }
  /** This number is missing. */
  | { readonly kind: "gap"; readonly chain: string; readonly seq: number }
  /** `control` noted another hash for it, or noted a record that is no longer there. */
  | { readonly kind: "wrong-anchor"; readonly chain: string; readonly seq: number };

export interface ChainState {
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
  readonly fault: AuditFault | null;
}

export const emptyChain = (chain: string): ChainState => ({
  chain,
  seq: 0,
  hash: GENESIS,
  fault: null,
});

/** The next record of the chain, in order of seq; the first fault stays. Fold it over pages. */
export const verifyNext = (state: ChainState, record: AuditRecord): ChainState => {
  if (state.fault !== null) return state;
  const kind = faultOf(state, record);
  if (kind === null) return { ...state, seq: record.seq, hash: record.hash };
  const seq = kind === "gap" ? state.seq + 1 : record.seq;
  return { ...state, fault: { kind, chain: state.chain, seq } };
};

const faultOf = (state: ChainState, record: AuditRecord): AuditFault["kind"] | null => {
  if (record.seq !== state.seq + 1) return "gap";
  const { hash, previous, ...body } = record;
  if (previous !== state.hash) return "wrong-previous";
  if (body.chain !== state.chain || auditHash(previous, body) !== hash) return "wrong-hash";
  return null;
};

/** All records of one chain, in order; null where it is whole. */
export const verifyChain = (chain: string, records: readonly AuditRecord[]): AuditFault | null =>
  records.reduce(verifyNext, emptyChain(chain)).fault;

/**
 * Anchors among the records of `control` that the other chains do not bear out. `hashAt` gives the
 * hash of a record by chain and number; undefined: there is none.
 */
export const verifyAnchors = (
  control: readonly AuditRecord[],
  hashAt: (chain: string, seq: number) => string | undefined,
): AuditFault | null => {
  for (const { action, data } of control) {
    if (action !== ANCHOR) continue;
    const { chain, seq, hash } = data;
    if (typeof chain !== "string" || typeof seq !== "number") continue;
    if (hashAt(chain, seq) !== hash) return { kind: "wrong-anchor", chain, seq };
  }
  return null;
};

/** One sentence for people. */
export const faultText = ({ kind, chain, seq }: AuditFault): string => {
  switch (kind) {
    case "wrong-hash":
      return `record ${seq} of ${chain} was changed after it was written`;
    case "wrong-previous":
      return `record ${seq} of ${chain} does not follow the record before it`;
    case "gap":
      return `record ${seq} of ${chain} is missing`;
    case "wrong-anchor":
      return `record ${seq} of ${chain} is not the one that was noted when its run ended`;
    default:
      return assertNever(kind);
  }
};

// Recomputes every audit chain from its first record, page by page, and checks the heads that
// `control` noted against what is there.

import type { AuditVerdict } from "../api/contract/audit.ts";
import { emptyChain, faultText, verifyAnchors, verifyNext } from "../core/audit-verify.ts";
import type { AuditFault, ChainState } from "../core/audit-verify.ts";
import type { AuditRecord } from "../core/audit.ts";
import { ANCHOR, CONTROL } from "../core/audit-drafts.ts";
import type { AuditStore } from "../ports/store.ts";

const PAGE = 1_000;

export const verifyChains = async (audit: AuditStore): Promise<AuditVerdict> => {
  const chains = await audit.chains();
  const anchors = await anchorsOf(audit);
  const hashes = new Map<string, string>();
  let records = 0;
  let fault: AuditFault | null = null;
  for (const chain of chains) {
    const noted = new Set(
      anchors.filter((a) => a.data["chain"] === chain).map((a) => a.data["seq"]),
    );
    const state = await fold(audit, chain, (record) => {
      if (noted.has(record.seq)) hashes.set(`${chain} ${record.seq}`, record.hash);
    });
    records += state.seq;
    fault ??= state.fault;
  }
  fault ??= verifyAnchors(anchors, (chain, seq) => hashes.get(`${chain} ${seq}`));
  const bad = fault === null ? null : { chain: fault.chain, seq: fault.seq, why: faultText(fault) };
  return { verified: bad === null, chains: chains.length, records, bad };
};

const anchorsOf = async (audit: AuditStore): Promise<readonly AuditRecord[]> => {
  const anchors: AuditRecord[] = [];
  await pages(audit, CONTROL, (record) => {
    if (record.action === ANCHOR) anchors.push(record);
  });
  return anchors;
};

const fold = async (
  audit: AuditStore,
  chain: string,
  see: (record: AuditRecord) => void,
): Promise<ChainState> => {
  let state = emptyChain(chain);
  await pages(audit, chain, (record) => {
    state = verifyNext(state, record);
    see(record);
  });
  return state;
};

const pages = async (
  audit: AuditStore,
  chain: string,
  see: (record: AuditRecord) => void,
): Promise<void> => {
  let after = 0;
  for (;;) {
    const page = await audit.read(chain, after, PAGE);
    for (const record of page) see(record);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.seq;
  }
};

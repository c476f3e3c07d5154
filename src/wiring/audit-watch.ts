// Verifying the audit chains: every night, and when somebody asks. What was found is noted in the
// control chain, where health and metrics of every replica read it.

import type { Logger } from "pino";
import { SLUICE } from "../core/ids.ts";
import type { AuditStore } from "../ports/store.ts";
import type { World } from "../ports/world.ts";
import { AUDIT_VERIFIED } from "../store/noted-verdict.ts";
import type { NotedVerdict } from "../store/noted-verdict.ts";
import { verifyChains } from "./verify-audit.ts";

type Verdict = Awaited<ReturnType<typeof verifyChains>>;

export interface AuditWatchParts {
  readonly audit: AuditStore;
  readonly noted: () => Promise<NotedVerdict | null>;
  readonly world: Pick<World, "now">;
  readonly log: Pick<Logger, "info" | "error">;
}

export interface AuditWatch {
  /** Always noted: that it was looked at is worth knowing too. */
  nightly(): Promise<void>;
  /** Noted where it is news. */
  asked(): Promise<Verdict>;
}

export const auditWatch = (parts: AuditWatchParts): AuditWatch => ({
  nightly: async () => note(parts, await verifyChains(parts.audit)),
  asked: async () => {
    const verdict = await verifyChains(parts.audit);
    const known = await parts.noted();
    if ((known?.fault ?? null) !== faultOf(verdict)) await note(parts, verdict);
    return verdict;
  },
});

const faultOf = ({ bad }: Verdict): string | null => bad?.why ?? null;

const note = async (parts: AuditWatchParts, verdict: Verdict): Promise<void> => {
  const { chains, records, bad } = verdict;
  const why = faultOf(verdict);
  if (bad === null) parts.log.info({ chains, records }, "the audit chains are whole");
  else parts.log.error({ chains, records, ...bad }, "the audit chain is broken");
  await parts.audit.append({
    at: parts.world.now(),
    by: SLUICE,
    action: AUDIT_VERIFIED,
    subject: "all chains",
    why,
    data: { chains, records },
  });
};

// The audit chain, read and verified.

import type { AuditRecord } from "../../core/audit.ts";

export type { AuditRecord };

export interface AuditQuery {
  /** `control` where nothing is said, or a lane's name. */
  readonly chain?: string | undefined;
  /** From the record behind this one on; the chain's last ones where nothing is said. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

export interface AuditList {
  readonly chain: string;
  /** All chains there are. */
  readonly chains: readonly string[];
  readonly records: readonly AuditRecord[];
}

export interface AuditVerdict {
  readonly verified: boolean;
  readonly chains: number;
  readonly records: number;
  /** The first record that breaks a chain. */
  readonly bad: { readonly chain: string; readonly seq: number; readonly why: string } | null;
}

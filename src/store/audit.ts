// The audit chain in PostgreSQL.

import type pg from "pg";

import type { AuditRecord } from "../core/audit.ts";
import type { Actor, Instant } from "../core/ids.ts";
import type { AuditHeads } from "../ports/catalog.ts";
import type { AuditStore } from "../ports/store.ts";
import { withControlRecord } from "./control-chain.ts";
import { firstRow, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { toJson } from "./json.ts";
import { APPEND_CONTROL } from "./queries/heads.ts";

const CHAINS: Statement<{ readonly chain: string }> = {
  name: "sluice_chains",
  text: `select distinct chain from sluice.audit order by chain`,
};

const HEAD: Statement<{ readonly seq: number }> = {
  name: "sluice_chain_head",
  text: `select coalesce(max(seq), 0)::float8 as seq from sluice.audit where chain = $1`,
};

interface AuditRow {
  readonly chain: string;
  readonly seq: number;
  readonly at: Instant;
  readonly by: Actor;
  readonly action: string;
  readonly subject: string;
  readonly why: string | null;
  readonly plan_hash: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly previous: string;
  readonly hash: string;
}

const READ: Statement<AuditRow> = {
  name: "sluice_read_chain",
  text: `select chain, seq::float8 as seq, at::float8 as at, said_by as by, action, subject, why,
      plan_hash, data, previous, hash
    from sluice.audit where chain = $1 and seq > $2 order by seq limit $3`,
};

export const pgAudit = (pool: pg.Pool): AuditStore & AuditHeads => ({
  append: (entry) =>
    withControlRecord(pool, { ...entry, planHash: null }, async (record) => {
      await rows(pool, APPEND_CONTROL, [toJson([record])]);
      return record;
    }),
  chains: async () => (await rows(pool, CHAINS, [])).map((row) => row.chain),
  read: async (chain, after, limit) =>
    (await rows(pool, READ, [chain, after, limit])).map(recordOf),
  head: async (chain) => (await firstRow(pool, HEAD, [chain]))?.seq ?? 0,
});

const recordOf = ({ plan_hash: planHash, ...rest }: AuditRow): AuditRecord => ({
  ...rest,
  planHash,
});

// Definitions in PostgreSQL: the set in force, as parsed and as written, and every version of each.

import type pg from "pg";

import { definitionsDraft } from "../core/audit-drafts.ts";
import type { AuditRecord } from "../core/audit.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { definitionChanges, nameOf } from "../core/definition-changes.ts";
import type { DefinitionChanges, DefinitionKind } from "../core/definition-changes.ts";
import type { Actor, Digest, Instant } from "../core/ids.ts";
import type { Definitions } from "../core/playbook.ts";
import { sha256Hex } from "../core/sha256.ts";
import type {
  AppliedDefinitions,
  DefinitionChange,
  DefinitionStore,
  DefinitionVersion,
  SourceText,
} from "../ports/catalog.ts";
import { MAX_ATTEMPTS, withControlRecord } from "./control-chain.ts";
import { firstRow, movedBy, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { storable, toJson } from "./json.ts";
import { presentDefinitions } from "./older-definitions.ts";
import type { OlderDefinitions } from "./older-definitions.ts";

interface SetRow {
  readonly version: number;
  readonly definitions: Definitions | OlderDefinitions;
  readonly files: readonly SourceText[];
  readonly hash: string;
}

const CURRENT: Statement<SetRow> = {
  name: "sluice_current_definitions",
  text: `select version::float8 as version, definitions, files, hash
    from sluice.definition_sets order by sluice.definition_sets.version desc limit 1`,
};

const APPLY: Statement<unknown> = {
  name: "sluice_apply_definitions",
  text: `select sluice.apply_definitions($1, $2, $3, $4, $5, $6, $7, $8)`,
};

interface VersionRow {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly version: number;
  readonly hash: Digest | null;
  readonly body: unknown;
  readonly by: Actor;
  readonly at: Instant;
}

const HISTORY: Statement<VersionRow> = {
  name: "sluice_definition_history",
  text: `select d.kind, d.name, d.version::float8 as version, d.hash, d.body,
      s.applied_by as by, s.applied_at::float8 as at
    from sluice.definitions d join sluice.definition_sets s using (version)
    where d.kind = $1 and d.name = $2 order by d.version desc limit $3`,
};

export const pgDefinitions = (pool: pg.Pool): DefinitionStore => ({
  apply: async (change) => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      try {
        return await applyOnce(pool, change);
      } catch (error) {
        if (movedBy(error) !== "SL409") throw error;
      }
    }
    throw new Error("other definitions were applied at every attempt to apply these");
  },
  current: async () => currentOf(await firstRow(pool, CURRENT, [])),
  sources: async () => (await firstRow(pool, CURRENT, []))?.files ?? [],
  history: (kind, name, limit): Promise<readonly DefinitionVersion[]> =>
    rows(pool, HISTORY, [kind, name, limit]),
});

const applyOnce = async (pool: pg.Pool, change: DefinitionChange): Promise<AppliedDefinitions> => {
  const { by, at } = change;
  const definitions = storable(change.definitions);
  const files = storable(change.sources).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const hash = sha256Hex(canonicalJson({ definitions, files }));
  const before = await firstRow(pool, CURRENT, []);
  if (before !== null && before.hash === hash) {
    const none = { added: [], updated: [], retired: [] };
    return { version: before.version, changed: false, ...none };
  }
  const changes = definitionChanges(currentOf(before), definitions);
  const applied = { version: (before?.version ?? 0) + 1, changed: true, ...namesOf(changes) };
  await withControlRecord(pool, definitionsDraft({ ...applied, by, at }), (record: AuditRecord) =>
    rows(pool, APPLY, [
      applied.version,
      toJson(definitions),
      toJson(files),
      hash,
      toJson(changesJson(changes)),
      by,
      at,
      toJson([record]),
    ]),
  );
  return applied;
};

const currentOf = (row: SetRow | null): Definitions | null =>
  row === null ? null : presentDefinitions(row.definitions);

const namesOf = ({ added, updated, retired }: DefinitionChanges) => ({
  added: added.map(nameOf),
  updated: updated.map(nameOf),
  retired: retired.map(nameOf),
});

const changesJson = ({ added, updated, retired }: DefinitionChanges): readonly unknown[] => [
  ...added,
  ...updated,
  ...retired.map(({ kind, name }) => ({ kind, name, hash: null, body: null })),
];

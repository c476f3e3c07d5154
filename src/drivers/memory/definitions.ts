// Definitions in memory.

import { definitionsDraft } from "../../core/audit-drafts.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { definitionChanges, nameOf } from "../../core/definition-changes.ts";
import type { DefinitionChanges } from "../../core/definition-changes.ts";
import type {
  DefinitionChange,
  DefinitionStore,
  DefinitionVersion,
} from "../../ports/catalog.ts";
import { appendControl } from "./state.ts";
import type { State } from "./state.ts";

const NO_CHANGE = { changed: false, added: [], updated: [], retired: [] } as const;

export const memoryDefinitions = (state: State): DefinitionStore => {
  const sets: DefinitionChange[] = [];
  const versions: DefinitionVersion[] = [];
  return {
    apply: async (change) => {
      const before = sets.at(-1);
      if (before !== undefined && sameSet(before, change)) {
        return { version: sets.length, ...NO_CHANGE };
      }
      const changes = definitionChanges(before?.definitions ?? null, change.definitions);
      const { by, at } = change;
      sets.push(change);
      versions.push(...versionsOf(changes, { version: sets.length, by, at }));
      const applied = {
        version: sets.length,
        added: changes.added.map(nameOf),
        updated: changes.updated.map(nameOf),
        retired: changes.retired.map(nameOf),
      };
      appendControl(state, definitionsDraft({ ...applied, by, at }));
      return { ...applied, changed: true };
    },
    current: async () => sets.at(-1)?.definitions ?? null,
    sources: async () => sorted(sets.at(-1)?.sources ?? []),
    history: async (kind, name, limit) =>
      versions
        .filter((one) => one.kind === kind && one.name === name)
        .toReversed()
        .slice(0, limit),
  };
};

const sorted = (sources: DefinitionChange["sources"]): DefinitionChange["sources"] =>
  sources.toSorted((a, b) => (a.path < b.path ? -1 : 1));

const sameSet = (a: DefinitionChange, b: DefinitionChange): boolean =>
  canonicalJson([a.definitions, sorted(a.sources)]) ===
  canonicalJson([b.definitions, sorted(b.sources)]);

const versionsOf = (
  { added, updated, retired }: DefinitionChanges,
  common: Pick<DefinitionVersion, "version" | "by" | "at">,
): readonly DefinitionVersion[] => [
  ...[...added, ...updated].map((one) => ({ ...one, ...common })),
  ...retired.map(({ kind, name }) => ({ kind, name, hash: null, body: null, ...common })),
];

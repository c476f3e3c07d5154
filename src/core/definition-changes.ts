// What applying definitions changes: each one by kind and name, told from the ones before by the
// hash of its canonical JSON, so that white space and the order of keys are no change.

import { canonicalJson } from "./canonical-json.ts";
import type { Digest } from "./ids.ts";
import type { Definitions } from "./playbook.ts";
import { sha256Hex } from "./sha256.ts";

export type DefinitionKind =
  | "service"
  | "environment"
  | "playbook"
  | "calendar"
  | "checklist"
  | "group"
  | "rollout"
  | "train"
  | "database"
  | "blobStore";

export interface NamedDefinition {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly hash: Digest;
  readonly body: unknown;
}

export interface DefinitionChanges {
  readonly added: readonly NamedDefinition[];
  readonly updated: readonly NamedDefinition[];
  readonly retired: readonly Pick<NamedDefinition, "kind" | "name">[];
}

const definitionsIn = (definitions: Definitions): readonly NamedDefinition[] => [
  ...definitions.services.map((one) => named("service", one)),
  ...definitions.environments.map((one) => named("environment", one)),
  ...definitions.playbooks.map((one) => named("playbook", one)),
  ...definitions.calendars.map((one) => named("calendar", one)),
  ...definitions.checklists.map((one) => named("checklist", one)),
  ...definitions.groups.map((one) => named("group", one)),
  ...definitions.rollouts.map((one) => named("rollout", one)),
  ...(definitions.trains ?? []).map((one) => named("train", one)),
  ...definitions.databases.map((one) => named("database", one)),
  ...definitions.blobStores.map((one) => named("blobStore", one)),
];

const named = (
  kind: NamedDefinition["kind"],
  body: { readonly name: string },
): NamedDefinition => ({
  kind,
  name: body.name,
  hash: `sha256:${sha256Hex(canonicalJson(body))}` as Digest,
  body,
});

/** `before` null: nothing was applied yet. */
export const definitionChanges = (
  before: Definitions | null,
  after: Definitions,
): DefinitionChanges => {
  const old = new Map((before === null ? [] : definitionsIn(before)).map((d) => [nameOf(d), d]));
  const now = definitionsIn(after);
  const names = new Set(now.map(nameOf));
  return {
    added: now.filter((one) => !old.has(nameOf(one))),
    updated: now.filter((one) => (old.get(nameOf(one))?.hash ?? one.hash) !== one.hash),
    retired: [...old.values()].filter((one) => !names.has(nameOf(one))),
  };
};

/** `kind/name`. */
export const nameOf = (one: Pick<NamedDefinition, "kind" | "name">): string =>
  `${one.kind}/${one.name}`;

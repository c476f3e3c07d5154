// Checking definitions without applying them: the same check with and without a control plane.

import type {
  DefinitionNames,
  DefinitionsSummary,
  SourceFile,
} from "../api/contract/definitions.ts";
import { warningsOf } from "../config/budgets.ts";
import type { Kind } from "../config/kind.ts";
import { readDefinitions } from "../config/parse.ts";
import type { Definitions } from "../core/playbook.ts";

/** Throws a Refusal with one body per error. */
export const validate = async (files: readonly SourceFile[]): Promise<DefinitionsSummary> =>
  checked(files).summary;

interface Checked {
  readonly definitions: Definitions;
  readonly summary: DefinitionsSummary;
}

export const checked = (files: readonly SourceFile[]): Checked => {
  const { definitions, entries } = readDefinitions(files);
  const of = (kind: Kind): readonly string[] =>
    entries.flatMap((one) => (one.kind === kind ? [one.name] : []));
  const names: DefinitionNames = {
    services: of("Service"),
    environments: of("Environment"),
    playbooks: of("Playbook"),
    overlays: of("Overlay"),
    configurations: of("Configuration"),
    calendars: of("Calendar"),
    checklists: of("Checklist"),
    groups: of("Group"),
    rollouts: of("Rollout"),
    trains: of("Train"),
    databases: of("Database"),
    blobStores: of("BlobStore"),
  };
  return { definitions, summary: { ...names, warnings: warningsOf(definitions) } };
};

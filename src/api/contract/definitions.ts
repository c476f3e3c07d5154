// Definitions as they are sent, and what was found in them.

import type { RefusalBody } from "../../core/refusal.ts";

export interface SourceFile {
  /** As the person named it: errors repeat it. Nothing is read from it. */
  readonly path: string;
  readonly text: string;
}

export type DefinitionsBody = { readonly files: readonly SourceFile[] };

/** The kinds, in the order in which they are told. */
export const DEFINITION_KINDS = [
  "services",
  "environments",
  "playbooks",
  "overlays",
  "configurations",
  "calendars",
  "checklists",
  "groups",
  "rollouts",
  "trains",
  "databases",
  "blobStores",
] as const;

/** Names of definitions, as they are written. */
export type DefinitionNames = {
  readonly [K in (typeof DEFINITION_KINDS)[number]]: readonly string[];
};

export interface DefinitionsSummary extends DefinitionNames {
  /** What can be carried out as it is written, and yet is hardly meant. */
  readonly warnings: readonly RefusalBody[];
}

export interface Applied extends DefinitionsSummary {
  /** Grows with every change; the same definitions again keep it. */
  readonly version: number;
  readonly changed: boolean;
  /** `kind/name`, in order, of what Sluice carries out: overlays and configurations are part of
   * what they change. What stayed as it was is in none of them. */
  readonly added: readonly string[];
  readonly updated: readonly string[];
  /** No longer among the definitions; in the history still. */
  readonly retired: readonly string[];
}

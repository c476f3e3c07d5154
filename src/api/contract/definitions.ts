// Definitions as they are sent, and what was found in them.

import type { RefusalBody } from "../../core/refusal.ts";

export interface SourceFile {
  /** As the person named it: errors repeat it. Nothing is read from it. */
  readonly path: string;
  readonly text: string;
}

export type DefinitionsBody = { readonly files: readonly SourceFile[] };

export interface DefinitionsSummary {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly playbooks: readonly string[];
  /** What can be carried out as it is written, and yet is hardly meant. */
  readonly warnings: readonly RefusalBody[];
}

export interface Applied extends DefinitionsSummary {
  /** Grows with every change; the same definitions again keep it. */
  readonly version: number;
  readonly changed: boolean;
}

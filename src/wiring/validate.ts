// Checking definitions without applying them: the same check with and without a control plane.

import type { DefinitionsSummary, SourceFile } from "../api/contract/definitions.ts";
import { warningsOf } from "../config/budgets.ts";
import { parseDefinitions } from "../config/parse.ts";
import type { Definitions } from "../core/playbook.ts";

/** Throws a Refusal with one body per error. */
export const validate = async (files: readonly SourceFile[]): Promise<DefinitionsSummary> =>
  summaryOf(parseDefinitions(files));

export const summaryOf = (definitions: Definitions): DefinitionsSummary => ({
  services: definitions.services.map((one) => one.name),
  environments: definitions.environments.map((one) => one.name),
  playbooks: definitions.playbooks.map((one) => one.name),
  warnings: warningsOf(definitions),
});

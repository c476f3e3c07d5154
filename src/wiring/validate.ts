// Checking definitions without applying them: the same check with and without a control plane.

import { existsSync } from "node:fs";
import type {
  DefinitionNames,
  DefinitionsSummary,
  SourceFile,
} from "../api/contract/definitions.ts";
import { warningsOf } from "../config/budgets.ts";
import { calendarWarnings } from "../config/calendar-warnings.ts";
import type { Kind } from "../config/kind.ts";
import { readDefinitions } from "../config/parse.ts";
import { placed } from "../config/warning-places.ts";
import type { Instant } from "../core/ids.ts";
import type { Definitions } from "../core/playbook.ts";
import { secretsOfDefinitions } from "../core/secrets/needs.ts";
import type { SecretReference } from "../core/secrets/reference.ts";
import { toldSecrets } from "../drivers/secrets/told.ts";
import { systemWorld } from "../drivers/system/world.ts";
import { layoutOf } from "../layout/layout.ts";
import type { SecretRead, Secrets } from "../ports/secrets.ts";
import { missingSecrets, missingWarnings } from "./missing-secrets.ts";

/** Throws a Refusal with one body per error. `dataDir`: of a control plane of this machine, whose
 * own store is asked for secrets that are not there; its other sources only it knows. */
export const validate = async (
  files: readonly SourceFile[],
  dataDir: string | null,
): Promise<DefinitionsSummary> => {
  const { definitions, summary } = checked(files, systemWorld().now());
  if (dataDir === null || !existsSync(dataDir)) return summary;
  const { store } = toldSecrets(layoutOf(dataDir).secrets);
  const check = async ({ driver, name }: SecretReference): Promise<SecretRead> => {
    const read = driver === "local" ? await store.read(name) : null;
    // The key may be one that only the control plane was given.
    return read?.kind === "missing" ? read : { kind: "found", value: "" };
  };
  return await withSecrets(summary, definitions, { check });
};

export const withSecrets = async (
  summary: DefinitionsSummary,
  definitions: Definitions,
  secrets: Pick<Secrets, "check">,
): Promise<DefinitionsSummary> => {
  const missing = await missingSecrets(secretsOfDefinitions(definitions), secrets);
  return { ...summary, warnings: [...summary.warnings, ...missingWarnings(missing)] };
};

interface Checked {
  readonly definitions: Definitions;
  readonly summary: DefinitionsSummary;
}

/** `now`: what will never open is told as of then. */
export const checked = (files: readonly SourceFile[], now: Instant): Checked => {
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
  const found = [...warningsOf(definitions), ...calendarWarnings(definitions, now)];
  const warnings = placed(found, entries);
  return { definitions, summary: { ...names, warnings } };
};

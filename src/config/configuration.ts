// The Configuration definition: values for every environment, and what each of them changes.

import * as z from "zod";
import type { ConfigMap, ConfigScalar } from "../core/configuration/values.ts";
import type { DurationMs } from "../core/ids.ts";
import { configValues, variables } from "./config-values.ts";
import { field, section } from "./leaf.ts";
import { duration } from "./quantities.ts";
import { choice, name, text } from "./values.ts";

export interface WrittenConfiguration {
  readonly name: string;
  readonly refreshMs: DurationMs;
  readonly base: WrittenLayer;
  readonly environments: Readonly<Record<string, WrittenLayer>>;
}

export interface WrittenLayer {
  readonly variables: Readonly<Record<string, ConfigScalar>>;
  /** Of values, beside the definition; null: none. */
  readonly file: string | null;
  readonly values: ConfigMap;
}

const LEAST_REFRESH_MS = 1_000;
const MOST_REFRESH_MS = 86_400_000;

const layerFields = (what: string) => ({
  variables: field(
    variables().prefault({}),
    `Single values that \`\${NAME}\` stands for, in ${what}. They may use each other.`,
    { DATABASE_HOST: "db.internal" },
  ),
  file: field(
    text({ title: "file" }).optional(),
    "A YAML file of values, as seen from this one; handed over with the definitions. " +
      "Default: none.",
    "config/production.yaml",
  ),
  values: field(
    configValues().prefault({}),
    "Values by key, stronger than those of `file`. `${NAME}` or `${NAME:-default}` stands for a " +
      "variable, `secret:…` or `${secret:…}` for a secret.",
    { logging: { level: "info" } },
  ),
});

export const configuration = () =>
  section({
    kind: field(choice(["Configuration"]), "Always `Configuration`."),
    name: field(name(), "Services name it.", "web"),
    refresh: field(
      duration({ min: LEAST_REFRESH_MS, max: MOST_REFRESH_MS }).prefault("5m"),
      "How often secrets in files are read again while instances run.",
      "1m",
    ),
    ...layerFields("every environment"),
    environments: field(
      z.record(z.string(), section(layerFields("this environment"))).prefault({}),
      "What is other in one environment, by its name. It may only change keys that there are; an " +
        "empty map takes any.",
    ),
  }).transform(({ environments, refresh, name: called, ...base }): WrittenConfiguration => ({
    name: called,
    refreshMs: refresh,
    base: layer(base),
    environments: Object.fromEntries(
      Object.entries(environments).map(([environment, one]) => [environment, layer(one)]),
    ),
  }));

const layer = (raw: {
  readonly variables: WrittenLayer["variables"];
  readonly file?: string | undefined;
  readonly values: ConfigMap;
}): WrittenLayer => ({ variables: raw.variables, file: raw.file ?? null, values: raw.values });

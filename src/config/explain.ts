// Where every value that a service gets in an environment comes from: which layer says it, at which
// line, and what that is stronger than. The same reading and merging as for the plan.

import { leavesOf, valueAt } from "../core/configuration/values.ts";
import type { ConfigValue } from "../core/configuration/values.ts";
import type { LaneKey } from "../core/lane.ts";
import type { EntryOf } from "./entries.ts";
import { layered, type Layered } from "./layers.ts";
import { linkService } from "./link-service.ts";
import { allOf, namedAs } from "./names.ts";
import { readEntriesOf } from "./parse.ts";
import { pathText } from "./place.ts";
import { valueFiles } from "./value-files.ts";
import type { SourceText } from "./yaml-source.ts";

export interface ExplainedKey {
  readonly part: "value" | "variable" | "env";
  /** `logging.level`, `LOG_LEVEL`. */
  readonly key: string;
  /** As it is used, with references to secrets. */
  readonly value: ConfigValue;
  /** The first one counts, the others are weaker; the strongest first. */
  readonly said: readonly Said[];
}

export interface Said {
  /** `every environment`, an environment's name, or the part of the service. */
  readonly by: string;
  /** `file:line path`. */
  readonly where: string;
  readonly written: ConfigValue;
}

export interface Explained {
  /** Null: the service names none. */
  readonly configuration: string | null;
  readonly keys: readonly ExplainedKey[];
}

/** Of definitions that hold together. Nothing is told of a service or place that is not there. */
export const explain = (
  files: readonly SourceText[],
  { service, environment }: LaneKey,
): Explained => {
  const entries = readEntriesOf(files);
  const entry = allOf(entries, "Service").find((one) => one.name === service);
  if (entry === undefined) return { configuration: null, keys: [] };
  const configurations = namedAs(entries, "Configuration", (one) => one);
  const values = valueFiles(files);
  const name = entry.value.configuration?.name ?? null;
  const found = name === null ? null : (configurations.get(name) ?? null);
  const all =
    found === null ? null : layered(found, { service, environment }, values, () => undefined);
  const linked = linkService(entry, configurations, values, () => undefined);
  const here = linked.find((one) => one.environment === environment);
  return {
    configuration: name,
    keys: [
      ...(all === null ? [] : [...valueKeys(all), ...variableKeys(all)]),
      ...Object.entries(here?.runtime.env ?? {}).map(([variable, value]): ExplainedKey => ({
        part: "env",
        key: variable,
        value,
        said: envSaid(entry, environment, variable),
      })),
    ],
  };
};

const valueKeys = ({ layers, values }: Layered): readonly ExplainedKey[] =>
  leavesOf(values).map(({ path, value }) => ({
    part: "value",
    key: pathText(path),
    value,
    said: layers.toReversed().flatMap((layer): readonly Said[] => {
      const written = valueAt(layer.values, path);
      return written === undefined ? [] : [{ by: layer.of, where: layer.where(path), written }];
    }),
  }));

const variableKeys = ({ placed, variables }: Layered): readonly ExplainedKey[] =>
  [...variables].map(([name, value]) => ({
    part: "variable",
    key: name,
    value,
    said: placed
      .filter((one) => one.name === name)
      .toReversed()
      .map(({ of, where, written }) => ({ by: of, where, written })),
  }));

/** Who says so names a key of the configuration, and no value. */
export const BY_KEY = "its configuration";

/** The environment is stronger than the service, and both than the configuration. */
const envSaid = (
  { value, where }: EntryOf<"Service">,
  environment: string,
  variable: string,
): readonly Said[] => {
  const places = [
    {
      by: environment,
      at: ["environments", environment, "env"],
      all: value.env[environment] ?? {},
    },
    { by: "the service", at: ["run", "env"], all: value.runEnv },
    {
      by: BY_KEY,
      at: ["run", "configuration", "env"],
      all: value.configuration?.env ?? {},
    },
  ];
  return places.flatMap(({ by, at, all }) => {
    const written = Object.hasOwn(all, variable) ? all[variable] : undefined;
    return written === undefined ? [] : [{ by, where: where([...at, variable]), written }];
  });
};

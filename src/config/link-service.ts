// A service with its configuration in place of the name: variables and files for each environment,
// all of it put together but for secrets.

import { didYouMean } from "../core/closest.ts";
import { envName, plainText } from "../core/configuration/render.ts";
import { substituted } from "../core/configuration/substitute.ts";
import type { Variables } from "../core/configuration/substitute.ts";
import { isConfigMap, leavesOf, valueAt } from "../core/configuration/values.ts";
import type { ConfigMap } from "../core/configuration/values.ts";
import type { ServiceDefinition, ServiceInEnvironment } from "../core/playbook.ts";
import type { ConfigurationFile, Runtime } from "../core/runtime.ts";
import type { ConfigurationUse, FileUse } from "./configuration-use.ts";
import type { EntryOf } from "./entries.ts";
import { layered, ownVariables, type Layered } from "./layers.ts";
import { lookUp, type Named, type Tell } from "./names.ts";
import type { Path } from "./place.ts";
import type { ValueFiles } from "./value-files.ts";

export type Configurations = Named<EntryOf<"Configuration">>;

export const linkService = (
  entry: EntryOf<"Service">,
  configurations: Configurations,
  files: ValueFiles,
  tell: Tell,
): ServiceDefinition["environments"] => {
  const { name, configuration: use, environments } = entry.value;
  const found =
    use === null
      ? null
      : lookUp(
          configurations,
          "configuration",
          use.name,
          () => entry.where(["run", "configuration", "use"]),
          tell,
        );
  return environments.map((here): ServiceInEnvironment => {
    const around = { service: name, environment: here.environment };
    const all = found === null ? null : layered(found, around, files, tell);
    if (use !== null && all === null) return here;
    const variables = all?.variables ?? ownVariables(around);
    const env = ownEnvironment(entry, here, variables, tell);
    if (use === null || all === null) return { ...here, runtime: { ...here.runtime, env } };
    return { ...here, runtime: configured({ ...here.runtime, env }, use, all, found, entry, tell) };
  });
};

/** With variables in place of their names. */
const ownEnvironment = (
  entry: EntryOf<"Service">,
  { environment, runtime }: ServiceInEnvironment,
  variables: Variables,
  tell: Tell,
): Runtime["env"] => {
  const { value, faults } = substituted(runtime.env, variables);
  for (const { path, fault } of faults) {
    tell(() => ({ ...fault, where: entry.where(envPlace(entry, environment, String(path[0]))) }));
  }
  const env = isConfigMap(value) ? value : {};
  return Object.fromEntries(Object.entries(env).map(([name, one]) => [name, plainText(one)]));
};

/** Where a variable of an environment is written. */
const envPlace = ({ value }: EntryOf<"Service">, environment: string, variable: string): Path => {
  const own = Object.hasOwn(value.env, environment) ? value.env[environment] : undefined;
  return own !== undefined && Object.hasOwn(own, variable)
    ? ["environments", environment, "env", variable]
    : ["run", "env", variable];
};

const configured = (
  runtime: Runtime,
  use: ConfigurationUse,
  { values }: Layered,
  found: EntryOf<"Configuration"> | null,
  entry: EntryOf<"Service">,
  tell: Tell,
): Runtime => {
  const at = ["run", "configuration"];
  const given = Object.entries(use.env).flatMap(([variable, path]) => {
    const value = valueAt(values, path.split("."));
    if (value !== undefined && !isConfigMap(value)) return [[variable, plainText(value)] as const];
    tell(() => noSuchKey(path, values, value !== undefined, entry.where([...at, "env", variable])));
    return [];
  });
  const written = use.files.map((file, index) =>
    fileOf(file, values, () => entry.where([...at, "files", index, "of"]), tell),
  );
  const env = { ...Object.fromEntries(given), ...runtime.env };
  if (written.length === 0 || found === null) return { ...runtime, env };
  const { name, refreshMs } = found.value;
  const { onRefresh } = use;
  return { ...runtime, env, configuration: { name, files: written, refreshMs, onRefresh } };
};

const fileOf = (
  { name, format, variable, of }: FileUse,
  values: ConfigMap,
  where: () => string,
  tell: Tell,
): ConfigurationFile => {
  const part = of === null ? values : valueAt(values, of.split("."));
  if (part === undefined || !isConfigMap(part)) {
    tell(() => {
      const message = `expected a map under ${of ?? ""} of the configuration`;
      const maps = Object.keys(values).filter((key) => isConfigMap(values[key]));
      return { code: "unknown-key", message, where: where(), hint: didYouMean(of ?? "", maps) };
    });
    return { name, format, variable, values: {} };
  }
  if (format === "env") {
    const names = leavesOf(part).map(({ path }) => envName(path));
    const twice = names.find((one, index) => names.indexOf(one) !== index);
    if (twice !== undefined) {
      const message = `two keys would both be the variable ${twice} in ${name}`;
      tell(() => ({ code: "duplicate-name", message, where: where(), hint: "rename one of them" }));
    }
  }
  return { name, format, variable, values: part };
};

const noSuchKey = (path: string, values: ConfigMap, isMap: boolean, where: string) => {
  const known = leavesOf(values).map((leaf) => leaf.path.join("."));
  const message = isMap
    ? `expected the path of a single value, found that of a map, ${path}`
    : `there is no key ${path} in the configuration`;
  return { code: "unknown-key", message, where, hint: didYouMean(path, known) };
};

// A configuration as the text of a file: JSON, YAML, or lines of variables. What comes out can be
// read back as the same values, whatever the texts in them hold.

import { assertNever } from "../ids.ts";
import { isConfigMap, leavesOf } from "./values.ts";
import type { ConfigMap, ConfigValue } from "./values.ts";

export const CONFIG_FORMATS = ["json", "yaml", "env"] as const;
export type ConfigFormat = (typeof CONFIG_FORMATS)[number];

export const render = (values: ConfigMap, format: ConfigFormat): string => {
  switch (format) {
    case "json":
      return `${JSON.stringify(values, null, 2)}\n`;
    case "yaml":
      return Object.keys(values).length === 0 ? "{}\n" : yamlMap(values, "");
    case "env":
      return leavesOf(values)
        .map(({ path, value }) => `${envName(path)}=${envText(value)}\n`)
        .join("");
    default:
      return assertNever(format);
  }
};

/** `logging.level` is LOGGING_LEVEL. */
export const envName = (path: readonly string[]): string =>
  path
    .join("_")
    .replaceAll(/[^A-Za-z0-9_]/gu, "_")
    .replace(/^(?=\d)/u, "_")
    .toUpperCase();

/** In quotes that shells and dotenv files read alike: nothing within them means anything. Null is
 * empty; lists are JSON. */
const envText = (value: ConfigValue): string => {
  const text = plainText(value);
  return /^[A-Za-z0-9_./:@%+,-]*$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
};

/** As an environment variable has it. */
export const plainText = (value: ConfigValue): string => {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** Texts and keys stand in double quotes as JSON, which YAML 1.2 reads alike. */
const yamlMap = (values: ConfigMap, indent: string): string =>
  Object.entries(values)
    .map(([key, value]) => `${indent}${yamlKey(key)}:${yamlValue(value, indent)}`)
    .join("");

const yamlKey = (key: string): string =>
  /^[A-Za-z][A-Za-z0-9_-]*$/u.test(key) && !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(key)
    ? key
    : yamlText(key);

/** JSON leaves a few characters as they are that YAML does not take so. */
const yamlText = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const yamlValue = (value: ConfigValue, indent: string): string => {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value as readonly ConfigValue[];
    if (items.length === 0) return " []\n";
    return `\n${items.map((item) => `${inner}-${yamlItem(item, inner)}`).join("")}`;
  }
  if (!isConfigMap(value))
    return ` ${typeof value === "string" ? yamlText(value) : JSON.stringify(value)}\n`;
  return Object.keys(value).length === 0 ? " {}\n" : `\n${yamlMap(value, inner)}`;
};

/** What is not a single value stands on one line, as JSON. */
const yamlItem = (item: ConfigValue, indent: string): string =>
  typeof item === "object" && item !== null ? ` ${yamlFlow(item)}\n` : yamlValue(item, indent);

const yamlFlow = (value: ConfigValue): string => {
  if (Array.isArray(value))
    return `[${(value as readonly ConfigValue[]).map(yamlFlow).join(", ")}]`;
  if (!isConfigMap(value))
    return typeof value === "string" ? yamlText(value) : JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, one]) => `${yamlText(key)}: ${yamlFlow(one)}`)
    .join(", ")}}`;
};

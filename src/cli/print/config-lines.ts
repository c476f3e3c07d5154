// The configuration files of a plan, one line a value, so that two plans can be compared.

import type { ConfigValue } from "../../api/contract/configuration.ts";
import type { Plan } from "../../api/contract/orders.ts";
import { duration } from "./amounts.ts";

/** More of one file are counted. */
const MOST_LINES = 200;

export const configurationLines = ({
  configuration,
}: Plan["runtime"]): readonly (readonly [string, string])[] => {
  if (configuration === undefined) return [];
  const { name, files, refreshMs, onRefresh } = configuration;
  const signal = onRefresh === null ? "" : `, then ${onRefresh}`;
  return [
    ["configured", `by ${name}; secrets are read again every ${duration(refreshMs)}${signal}`],
    ...files.flatMap((file) => {
      const lines = valueLines(file.values, "");
      const more = lines.length - MOST_LINES;
      const shown = lines.slice(0, MOST_LINES).map((line) => [file.name, line] as const);
      return more > 0 ? [...shown, [file.name, `and ${more} more`] as const] : shown;
    }),
  ];
};

const valueLines = (value: ConfigValue, at: string): readonly string[] => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [`${at}=${typeof value === "string" ? value : JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, one]: [string, ConfigValue]) =>
    valueLines(one, at === "" ? key : `${at}.${key}`),
  );
};

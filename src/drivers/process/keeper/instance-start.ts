// What an instance is started with: its environment and its arguments.

import type { Secrets } from "../../../ports/secrets.ts";
import { cleanEnvironment } from "../clean-environment.ts";
import { placesOf } from "./config-files.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { MARK } from "./process-table.ts";

/** The variables of the runtime cannot replace those that Sluice sets. Rejects with a sentence
 * where a secret cannot be had: an instance never starts with less than was ordered. */
export const environmentOf = async (
  record: Pick<InstanceRecord, "id" | "lane" | "slot" | "port" | "cohort">,
  folder: string,
  secrets: Pick<Secrets, "resolve">,
): Promise<Readonly<Record<string, string>>> => {
  const own = await secrets.resolve(record.cohort.runtime.env);
  if (own.kind === "unresolved") throw new Error(own.why);
  const places = placesOf(record.cohort.runtime, folder);
  return { ...cleanEnvironment(), ...own.texts, ...places, ...marksOf(record) };
};

const marksOf = (
  record: Pick<InstanceRecord, "id" | "lane" | "slot" | "port" | "cohort">,
): Readonly<Record<string, string>> => ({
  PORT: String(record.port),
  SLUICE_SLOT: record.slot,
  SLUICE_RELEASE: record.cohort.release.id,
  SLUICE_ENVIRONMENT: record.lane.slice(record.lane.lastIndexOf(".") + 1),
  [MARK]: record.id,
});

/** `${PORT}` in any argument is the instance's port, `${CONFIG_DIR}` the folder of its files. */
export const withPlaces = (
  command: readonly string[],
  { port, folder }: { readonly port: number; readonly folder: string },
): readonly string[] =>
  command.map((argument) =>
    argument.replaceAll("${PORT}", String(port)).replaceAll("${CONFIG_DIR}", () => folder),
  );

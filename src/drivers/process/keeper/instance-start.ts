// What an instance is started with: its environment and its arguments.

import { cleanEnvironment } from "../clean-environment.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { MARK } from "./process-table.ts";

/** The variables of the runtime cannot replace those that Sluice sets. */
export const instanceEnvironment = (
  record: Pick<InstanceRecord, "id" | "lane" | "slot" | "port" | "cohort">,
): Readonly<Record<string, string>> => ({
  ...cleanEnvironment(),
  ...record.cohort.runtime.env,
  PORT: String(record.port),
  SLUICE_SLOT: record.slot,
  SLUICE_RELEASE: record.cohort.release.id,
  SLUICE_ENVIRONMENT: record.lane.slice(record.lane.lastIndexOf(".") + 1),
  [MARK]: record.id,
});

/** `${PORT}` in any argument is the instance's port. */
export const withPort = (command: readonly string[], port: number): readonly string[] =>
  command.map((argument) => argument.replaceAll("${PORT}", String(port)));

// What instances wrote.

import type { SlotName } from "../../core/lane.ts";

export interface LogsQuery {
  readonly slot?: SlotName | undefined;
  /** Lines per instance, 1 to 10 000. */
  readonly tail?: number | undefined;
}

export type Logs = { readonly instances: readonly InstanceLog[] };

export interface InstanceLog {
  readonly instance: string;
  readonly slot: SlotName;
  readonly release: string;
  readonly lines: readonly string[];
}

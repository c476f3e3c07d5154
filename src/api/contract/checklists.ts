// Checklists that somebody still has to do: of runs that stand at a gate, and of releases that have
// succeeded.

import type { Instant } from "../../core/ids.ts";
import type { ItemView } from "./gates.ts";

export type OpenChecklists = { readonly checklists: readonly OpenChecklist[] };

export interface OpenChecklist {
  readonly checklist: string;
  readonly service: string;
  readonly environment: string;
  readonly release: string;
  /** What `sluice tick` names. */
  readonly run: string;
  readonly step: string;
  /** True: the run waits for it. False: it is done afterwards, and holds nobody up. */
  readonly holds: boolean;
  /** Its number where it holds nobody up: it can be given up with `sluice withdraw`. */
  readonly id: number | null;
  readonly since: Instant | null;
  readonly items: readonly ItemView[];
}

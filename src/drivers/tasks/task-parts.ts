// What tasks need of the rest: artifacts, a place to work in, and where a lane can be probed.

import type { LaneKey, SlotName } from "../../core/lane.ts";
import type { Backups } from "../../ports/backups.ts";
import type { Blobs } from "../../ports/blobs.ts";
import type { Secrets } from "../../ports/secrets.ts";

export interface TaskParts {
  readonly blobs: Blobs;
  /** Folder for working copies; each task removes its own. */
  readonly workFolder: string;
  /** What every command's environment begins with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly places: ProbePlaces;
  /** For references in environments, addresses, headers and bodies. */
  readonly secrets: Secrets;
  readonly backups: Pick<Backups, "begin" | "putBack">;
}

/** Where a lane can be asked. Both reject where that could not be found out. */
export interface ProbePlaces {
  instances(
    lane: LaneKey,
    slot: SlotName,
    signal: AbortSignal,
  ): Promise<readonly { readonly id: string; readonly host: string; readonly port: number }[]>;
  /** `host:port` of the lane's route; null: it has none. */
  listen(lane: LaneKey, signal: AbortSignal): Promise<string | null>;
}

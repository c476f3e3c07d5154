// When artifacts of old releases are looked for, and what the log says of it.

import type { Logger } from "pino";
import { removeOldArtifacts } from "../shell/operations/old-artifacts.ts";
import type { OldArtifactParts } from "../shell/operations/old-artifacts.ts";

const EVERY_MS = 10 * 60_000;

/** To be called with each sweep; never rejects. A failure is told and tried again next time. */
export const artifactSweeper = (
  parts: OldArtifactParts,
  log: Pick<Logger, "info" | "warn">,
): (() => Promise<void>) => {
  let last = 0;
  return async () => {
    if (parts.world.now() - last < EVERY_MS) return;
    last = parts.world.now();
    try {
      const removed = await removeOldArtifacts(parts);
      const releases = removed.map(({ id }) => id);
      if (releases.length > 0) log.info({ releases }, "removed the artifacts of old releases");
    } catch (error) {
      log.warn({ why: (error as Error).message }, "could not remove artifacts of old releases");
    }
  };
};

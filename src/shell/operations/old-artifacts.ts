// Artifacts of old releases go, as the services' definitions say; asked for every few minutes by
// every replica. Decided once more when they are out of the way, for what began meanwhile.

import { SLUICE } from "../../core/ids.ts";
import type { Digest } from "../../core/ids.ts";
import { withoutUse } from "../../core/old-releases.ts";
import type { Blobs } from "../../ports/blobs.ts";
import type { DefinitionStore, HistoryStore, ReleaseStore } from "../../ports/catalog.ts";
import type { StoredRelease } from "../../ports/catalog.ts";
import type { AuditStore, LaneStore } from "../../ports/store.ts";
import type { World } from "../../ports/world.ts";

/** With more of them than this nothing is removed, since not all would be seen. */
const MOST_RELEASES = 100_000;
const MOST_RUNS = 10_000;

export interface OldArtifactParts {
  readonly world: Pick<World, "now">;
  readonly definitions: Pick<DefinitionStore, "current">;
  readonly releases: Pick<ReleaseStore, "list">;
  readonly lanes: Pick<LaneStore, "all">;
  readonly history: Pick<HistoryStore, "list">;
  readonly audit: Pick<AuditStore, "append">;
  readonly blobs: Pick<Blobs, "list" | "remove">;
}

/** Returns the releases whose artifact went. */
export const removeOldArtifacts = async (
  parts: OldArtifactParts,
): Promise<readonly StoredRelease[]> => {
  const removed: StoredRelease[] = [];
  const stored = new Set(await parts.blobs.list());
  const candidates = (await useless(parts)).filter(({ artifact }) => stored.has(artifact));
  if (candidates.length === 0) return [];
  const digests = new Set(candidates.map(({ artifact }) => artifact));
  await parts.blobs.remove([...digests], async (there) => {
    const aside = new Set(there);
    for (const release of await useless(parts)) {
      if (!aside.has(release.artifact)) continue;
      await record(parts, release);
      removed.push(release);
    }
    return [...new Set<Digest>(removed.map(({ artifact }) => artifact))];
  });
  return removed;
};

/** None where no service says how many it keeps, or not everything can be seen. */
const useless = async (parts: OldArtifactParts): Promise<readonly StoredRelease[]> => {
  const { services = [] } = (await parts.definitions.current()) ?? {};
  const keep = new Map(services.map((one) => [one.name, one.keepReleases ?? null]));
  if ([...keep.values()].every((most) => most === null)) return [];
  const active = { service: null, environment: null, state: "active", limit: MOST_RUNS } as const;
  // Releases first: one that is made after this look is not among those that could go.
  const releases = await parts.releases.list(null, MOST_RELEASES);
  const runs = await parts.history.list(active);
  // Lanes last: what a run that has just ended left there is seen.
  const lanes = await parts.lanes.all();
  if (releases.length >= MOST_RELEASES || runs.length >= MOST_RUNS) return [];
  const plans = runs.map(({ plan }) => plan);
  return withoutUse({ releases, lanes, plans, keep: (name) => keep.get(name) ?? null });
};

/** Before it goes: a record too many is better than none. */
const record = async (parts: OldArtifactParts, { id, artifact }: StoredRelease): Promise<void> => {
  await parts.audit.append({
    at: parts.world.now(),
    by: SLUICE,
    action: "release.artifact-removed",
    subject: id,
    why: "newer releases than its service keeps, and nothing needs it",
    data: { artifact },
  });
};

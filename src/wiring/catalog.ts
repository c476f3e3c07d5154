// The stores of the catalogue as the operations see them.

import type { Blobs } from "../ports/blobs.ts";
import type {
  DefinitionStore,
  HistoryStore,
  LaneHistory,
  ReleaseStore,
  StoredRelease,
} from "../ports/catalog.ts";
import type { Release } from "../core/plan.ts";
import type { Catalog } from "../shell/operations/desk.ts";

export interface CatalogStores {
  readonly releases: ReleaseStore;
  readonly definitions: DefinitionStore;
  readonly history: HistoryStore & LaneHistory;
}

/** Names that an error can offer. */
const MAX_OFFERED = 200;

export const catalogOf = (
  { releases, definitions, history }: CatalogStores,
  blobs: Pick<Blobs, "has">,
): Catalog => ({
  release: async (id) => {
    const stored = await releases.get(id);
    return stored === null ? null : bare(stored);
  },
  releaseIds: async (service) =>
    (await releases.list(service, MAX_OFFERED)).map((release) => release.id),
  hasArtifact: (digest) => blobs.has(digest),
  definitions: () => definitions.current(),
  addRelease: async (release) => bare((await releases.add(release)).release),
  apply: (change) => definitions.apply(change),
  succeeded: (lane, release) => history.succeeded(lane, release),
  lastPlan: (lane) => history.lastPlan(lane),
  crossedSince: (lane, release) => history.crossedSince(lane, release),
});

/** What plans are made of: when and how large it was stored must not change a plan's hash. */
const bare = ({ id, artifact, author, members }: StoredRelease): Release => ({
  id,
  artifact,
  author,
  ...(members === undefined ? {} : { members }),
});

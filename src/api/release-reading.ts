// A release by its name, or what may have been meant by it.

import { serviceOf, type ReleaseId, type ServiceName } from "../core/ids.ts";
import { unknown } from "../core/plan-for.ts";
import type { StoredRelease } from "../ports/catalog.ts";
import { placesOf, requireKnown } from "./known-names.ts";
import type { ApiParts } from "./parts.ts";

/** Names that are looked through for the one that was meant. */
const MOST_NAMES = 1_000;

/** Throws `unknown-service` or `unknown-release`. */
export const requireRelease = async (parts: ApiParts, id: ReleaseId): Promise<StoredRelease> => {
  const found = await parts.releases.get(id);
  if (found !== null) return found;
  const service = serviceOf(id);
  requireKnown(await placesOf(parts), { service });
  throw await unknownIn(parts, service, id);
};

/** One of this service. Throws `unknown-release`. */
export const requireReleaseOf = async (
  parts: ApiParts,
  service: ServiceName,
  id: ReleaseId,
): Promise<void> => {
  const own = serviceOf(id) === service ? await parts.releases.get(id) : null;
  if (own === null) throw await unknownIn(parts, service, id);
};

const unknownIn = async (parts: ApiParts, service: ServiceName, id: ReleaseId) => {
  const known = await parts.releases.list(service, MOST_NAMES);
  return unknown(
    "release",
    id,
    known.map((one) => one.id),
  );
};

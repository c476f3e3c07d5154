// A release by its name, or what may have been meant by it.

import type { ReleaseId } from "../core/ids.ts";
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
  const service = id.slice(0, id.indexOf("@")) as StoredRelease["service"];
  requireKnown(await placesOf(parts), { service });
  const known = await parts.releases.list(service, MOST_NAMES);
  throw unknown(
    "release",
    id,
    known.map((one) => one.id),
  );
};

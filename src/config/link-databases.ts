// From databases as they are written to those of the domain: stores in place of their names.

import type { BlobStore, Database } from "../core/backup/database.ts";
import type { EntryOf } from "./entries.ts";
import { lookUp, type Named, type Tell } from "./names.ts";

/** Null: its store is missing or wrong, which was told. */
export const linkDatabase = (
  { value, where }: EntryOf<"Database">,
  stores: Named<BlobStore>,
  environments: Named<unknown>,
  tell: Tell,
): Database | null => {
  const { to, ...policy } = value.backup;
  for (const environment of Object.keys(value.environments)) {
    const place = (): string => where(["environments", environment]);
    lookUp(environments, "environment", environment, place, tell);
  }
  const store = lookUp(stores, "blob-store", to, () => where(["backup", "to"]), tell);
  return store === null ? null : { ...value, backup: { store, ...policy } };
};

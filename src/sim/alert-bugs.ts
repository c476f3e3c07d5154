// Planted bugs of alerts: what a store could lose of them on the way to whoever judges by them.

import type { StoredPass } from "../ports/store.ts";

/** No alert has a name. */
export const alertsNameless = (stored: StoredPass): StoredPass => withName(stored, "");

/** Whatever is the matter, it is said to be the disk. */
export const alertsAllAlike = (stored: StoredPass): StoredPass => withName(stored, "DiskFull");

const withName = (stored: StoredPass, name: string): StoredPass => ({
  ...stored,
  facts: stored.facts.map((fact) => (fact.kind === "alert" ? { ...fact, name } : fact)),
});

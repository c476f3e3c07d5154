// Which alerts are open, out of everything that alert sources said about a run.

import type { Fact } from "./fact.ts";

export interface OpenAlert {
  readonly name: string;
  readonly severity: string;
}

/** Alerts whose newest word is `firing`. The order of the facts does not matter, their seq does. */
export const openAlerts = (facts: readonly Fact[]): readonly OpenAlert[] => {
  const newest = new Map<string, Extract<Fact, { kind: "alert" }>>();
  for (const fact of facts) {
    if (fact.kind !== "alert") continue;
    const known = newest.get(fact.name);
    if (known === undefined || known.seq < fact.seq) newest.set(fact.name, fact);
  }
  return [...newest.values()]
    .filter((fact) => fact.status === "firing")
    .map(({ name, severity }) => ({ name, severity }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

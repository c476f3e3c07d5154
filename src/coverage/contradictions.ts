// Where the playbooks contradict each other, and what holds in the examples: from
// examples/contradictions.yaml to the table at the foot of docs/coverage.md.

import { parse } from "yaml";

import type { Item } from "./items.ts";

export interface Contradiction {
  /** From 1 on, without a gap. */
  readonly no: number;
  readonly items: readonly string[];
  readonly what: string;
  readonly answer: string;
}

export const parseContradictions = (yaml: string): readonly Contradiction[] =>
  parse(yaml) as readonly Contradiction[];

/** Full sentences; none is the only good number. */
export const faultsOfContradictions = (
  contradictions: readonly Contradiction[],
  items: readonly Item[],
): readonly string[] => {
  const known = new Set(items.map(({ id }) => id));
  return contradictions.flatMap(({ no, items: ids, what, answer }, index) => [
    ...(no === index + 1 ? [] : [`contradiction ${no} stands where ${index + 1} should`]),
    ...ids.filter((id) => !known.has(id)).map((id) => `contradiction ${no} names ${id}, no item`),
    ...(ids.length > 0 && Boolean(what) && Boolean(answer) ? [] : [`contradiction ${no} is bare`]),
  ]);
};

export const contradictionsPart = (contradictions: readonly Contradiction[]): string =>
  [
    "## Where the playbooks contradict each other",
    "",
    "And where they contradict themselves, or leave something open: what holds in the examples.",
    "",
    "| | in question | items | what holds |",
    "|---|---|---|---|",
    ...contradictions.map(
      ({ no, items, what, answer }) => `| ${no} | ${what} | ${items.join(", ")} | ${answer} |`,
    ),
  ].join("\n");

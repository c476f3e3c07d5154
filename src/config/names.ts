// Names that definitions use for each other, and what each stands for. A name that is there but
// wrong stands for nothing and is not told again; one that is nowhere is told with the nearest.

import { closest, didYouMean } from "../core/closest.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { Entry, EntryOf } from "./entries.ts";
import type { Kind } from "./kind.ts";

/** A fault is only put into words as long as somebody will read it. */
export type Tell = (fault: () => RefusalBody) => void;

/** Null: it is there, but wrong. */
export type Named<T> = ReadonlyMap<string, T | null>;

export const kindOf = (entry: Entry): Kind => (entry.kind === "broken" ? entry.was : entry.kind);

export const namesOf = (entries: readonly Entry[], kind: Kind): readonly string[] =>
  entries.filter((entry) => kindOf(entry) === kind).map((entry) => entry.name);

export const allOf = <K extends Kind>(entries: readonly Entry[], kind: K): readonly EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);

/** Of doubled names the first counts; they are told elsewhere. */
export const namedAs = <K extends Kind, T>(
  entries: readonly Entry[],
  kind: K,
  valueOf: (entry: EntryOf<K>) => T,
): Named<T> =>
  new Map(
    entries
      .filter((entry) => kindOf(entry) === kind)
      .toReversed()
      .map((entry) => [entry.name, entry.kind === "broken" ? null : valueOf(entry as EntryOf<K>)]),
  );

export const lookUp = <T>(
  names: Named<T>,
  noun: string,
  name: string,
  where: () => string,
  tell: Tell,
): T | null => {
  const found = names.get(name);
  if (found !== undefined) return found;
  tell(() => ({
    code: `unknown-${noun}`,
    message: `no ${noun} is called ${name}`,
    where: where(),
    hint: didYouMean(name, [...names.keys()]),
  }));
  return null;
};

/** Who is who. */
export interface People {
  readonly groups: Named<readonly string[]>;
  /** Everybody who is in a group. */
  readonly members: ReadonlySet<string>;
  /** The group that a name nearly is; null where it is in a group itself, or near to none. */
  slipOf(name: string): string | null;
}

export const peopleOf = (entries: readonly Entry[]): People => {
  const groups = namedAs(entries, "Group", ({ value }) => value.members);
  const members = new Set([...groups.values()].flatMap((group) => group ?? []));
  const slips = new Map<string, string | null>();
  const slipOf = (name: string): string | null => {
    const known = slips.get(name);
    if (known !== undefined) return known;
    const slip = members.has(name) ? null : closest(name, groups.keys());
    slips.set(name, slip);
    return slip;
  };
  return { groups, members, slipOf };
};

export interface LinkedPeople {
  readonly from: readonly string[];
  readonly groups: readonly string[];
  /** False: some of the names stand for nobody yet, so nothing can be counted. */
  readonly known: boolean;
}

/** What is no group is a person, unless it is nearly a group's name: then it is a slip, since
 * nobody could ever sign in under it. A person with such a name is known by being in a group. */
export const linkPeople = (
  names: readonly string[],
  { groups, slipOf }: People,
  where: (index: number) => string,
  tell: Tell,
): LinkedPeople => {
  const from = new Set<string>();
  let known = true;
  names.forEach((name, index) => {
    const group = groups.get(name);
    if (group === null) known = false;
    if (group === undefined) from.add(name);
    group?.forEach((member) => from.add(member));
    const near = group === undefined ? slipOf(name) : null;
    if (near === null) return;
    known = false;
    const message = `no group is called ${name}, and none has such a member`;
    const hint = `did you mean ${near}?`;
    tell(() => ({ code: "unknown-group", message, where: where(index), hint }));
  });
  return { from: [...from], groups: names.filter((name) => groups.has(name)), known };
};

// In whose place an approval counts. Every person is one, and so is every place: who speaks for two
// others fills the place of one of them.

import type { Fact } from "../fact.ts";
import type { Instant } from "../ids.ts";

export type Approval = Extract<Fact, { kind: "approval" }>;

/** Whose word counts, and in whose place: their own, ordinarily. */
export interface Approver {
  readonly by: string;
  readonly place: string;
}

export interface CountedApproval extends Approver {
  readonly at: Instant;
}

export interface Word {
  readonly word: Approval;
  /** In whose place it may count: never none. */
  readonly places: readonly string[];
}

/** As many of them as possible, each in a place of its own: augmenting paths, as Kuhn has it. */
export const seated = (words: readonly Word[]): readonly CountedApproval[] => {
  const sitting = new Map<string, Word>();
  const seat = (word: Word, tried: Set<string>): boolean =>
    word.places.some((place) => {
      if (tried.has(place)) return false;
      tried.add(place);
      const other = sitting.get(place);
      if (other !== undefined && !seat(other, tried)) return false;
      sitting.set(place, word);
      return true;
    });
  for (const word of words) seat(word, new Set());
  return [...sitting].map(([place, { word }]) => ({ by: word.by, place, at: word.at }));
};

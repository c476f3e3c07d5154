// What people said, kept as they said it and beside the store: the judge goes by this and never by
// what the engine made of it. Also what each lane knew to be good, and since when.

import type { Fact } from "../core/fact.ts";
import type { EnvironmentName, Instant, ReleaseId, RunId } from "../core/ids.ts";
import type { Lane } from "../core/lane.ts";
import type { Standing } from "../core/standing.ts";

export interface Book {
  said(fact: Fact): void;
  /** Said, or ended: the newest form of it counts. */
  stands(fact: Standing): void;
  knows(environment: EnvironmentName, good: Lane["knownGood"], at: Instant): void;
  /** Of one run, oldest first, without what was said only after this moment. */
  facts(run: RunId, by: Instant): readonly Fact[];
  /** Oldest first, as it stood at this moment. */
  standing(by: Instant): readonly Standing[];
  /** True where it was known good there at that moment, before or after what happened in it. */
  knownGood(environment: EnvironmentName, release: ReleaseId, at: Instant): boolean;
}

interface Known {
  readonly environment: EnvironmentName;
  readonly from: Instant;
  readonly releases: readonly ReleaseId[];
}

export const book = (): Book => {
  const facts = new Map<RunId, Fact[]>();
  const standing = new Map<number, Standing>();
  const known: Known[] = [];
  return {
    said: (fact) => {
      const own = facts.get(fact.run) ?? [];
      if (own.length === 0) facts.set(fact.run, own);
      own.push(fact);
    },
    stands: (fact) => void standing.set(fact.seq, fact),
    knows: (environment, good, from) => {
      const last = known.findLast((one) => one.environment === environment)?.releases ?? [];
      const news =
        good.length !== last.length || good.some(({ release }, place) => release !== last[place]);
      if (news) known.push({ environment, from, releases: good.map(({ release }) => release) });
    },
    facts: (run, by) => (facts.get(run) ?? []).filter(({ at }) => at <= by),
    standing: (by) =>
      [...standing.values()]
        .filter(({ at }) => at <= by)
        .map((one) => (one.ended !== null && one.ended.at > by ? { ...one, ended: null } : one)),
    knownGood: (environment, release, at) => {
      const own = known.filter((one) => one.environment === environment);
      const before = own.findLast(({ from }) => from < at);
      const then = own.filter(({ from }) => from === at);
      return [before, ...then].some((one) => one?.releases.includes(release) === true);
    },
  };
};

// The store's ports as one job has them.

import type { EffectStore, RunStore } from "../ports/store.ts";
import type { Fault } from "./faults.ts";
import { away, cut, READING, REFUSED, SELDOM, OFTEN, WRITING } from "./call-faults.ts";
import type { Sight } from "./sight.ts";
import type { Universe } from "./universe.ts";
import type { Life } from "./wire.ts";

type Ask = <T>(
  name: string,
  faults: readonly Fault[],
  often: number,
  work: () => Promise<T>,
) => Promise<T>;

/** A question to the database, which may be away. */
const asking =
  ({ wire, absent }: Universe, life: Life): Ask =>
  (name, faults, often, work) =>
    wire.send(life, {
      name,
      faults,
      often,
      deliver: () => {
        if (absent.has("database")) throw REFUSED;
        return work();
      },
      failed: away,
      lost: cut,
    });

export const runsOf = (universe: Universe, life: Life, sight: Sight): RunStore => {
  const { store, oracle, time } = universe;
  const ask = asking(universe, life);
  return {
    load: (id) => {
      sight.metrics = [];
      sight.frozen = false;
      return ask("load", READING, SELDOM, () => {
        sight.loadedAt = time.now();
        return store.runs.load(id);
      });
    },
    commit: (commit) => {
      const seen = { ...sight };
      return ask("commit", WRITING, 1, async () => {
        const result = await store.runs.commit(commit);
        oracle.committed(life, commit, seen, result);
        return result;
      });
    },
    create: (run) => ask("create", WRITING, 1, () => store.runs.create(run)),
    createAlone: (run, beside) =>
      ask("create", WRITING, 1, () => store.runs.createAlone(run, beside)),
    say: (run, by, at, fact) => ask("say", WRITING, 1, () => store.runs.say(run, by, at, fact)),
  };
};

export const effectsOf = (universe: Universe, life: Life): EffectStore => {
  const { effects } = universe.store;
  const ask = asking(universe, life);
  return {
    get: (id) => ask("effect.get", READING, SELDOM, () => effects.get(id)),
    claim: (id, by, at) => ask("claim", WRITING, OFTEN, () => effects.claim(id, by, at)),
    beat: (id, by, at) => ask("beat", WRITING, OFTEN, () => effects.beat(id, by, at)),
    finish: (id, outcome, at) =>
      ask("finish", WRITING, OFTEN, () => effects.finish(id, outcome, at)),
    expire: (before, at) => ask("expire", WRITING, SELDOM, () => effects.expire(before, at)),
  };
};

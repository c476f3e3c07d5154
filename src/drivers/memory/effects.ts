// Once effects in memory.

import type { EffectOutcome, EffectRecord } from "../../core/effect.ts";
import { effectId } from "../../core/effect.ts";
import type { Instant } from "../../core/ids.ts";
import { lostOutcome, mayRepeat } from "../../core/lost-effect.ts";
import type { EffectStore } from "../../ports/store.ts";
import { rouse } from "./state.ts";
import type { State } from "./state.ts";

export const memoryEffects = (state: State): EffectStore => ({
  claim: async (id, by, at) => {
    if (find(state, id)?.state !== "pending") return false;
    state.claims.set(id, { by, beatAt: at });
    replace(state, id, { state: "started" });
    return true;
  },
  beat: async (id, by, at) => {
    if (state.claims.get(id)?.by !== by) return false;
    state.claims.set(id, { by, beatAt: at });
    return true;
  },
  finish: async (id, outcome, at) => {
    if (find(state, id)?.state === "started") finish(state, id, outcome, at);
  },
  expire: async (before, at) => {
    const silent = [...state.claims].filter(([, claim]) => claim.beatAt < before);
    for (const [id] of silent) expire(state, id, at);
    return silent.length;
  },
  get: async (id) => find(state, id) ?? null,
});

const find = (state: State, id: string): EffectRecord | undefined => {
  const run = state.runOfEffect.get(id);
  if (run === undefined) return undefined;
  return state.runs.get(run)?.effects.find(({ effect }) => effectId(effect.key) === id);
};

const replace = (
  state: State,
  id: string,
  change: Partial<Pick<EffectRecord, "state" | "outcome">>,
): void => {
  const run = state.runOfEffect.get(id);
  const entry = run === undefined ? undefined : state.runs.get(run);
  if (run === undefined || entry === undefined) throw new Error(`no run for effect ${id}`);
  const effects = entry.effects.map((record) =>
    effectId(record.effect.key) === id ? { ...record, ...change } : record,
  );
  state.runs.set(run, { ...entry, effects });
};

const finish = (state: State, id: string, outcome: EffectOutcome, at: Instant): void => {
  state.claims.delete(id);
  replace(state, id, { state: "done", outcome });
  rouseRunOf(state, id, at);
};

const expire = (state: State, id: string, at: Instant): void => {
  const record = find(state, id);
  if (record === undefined) return;
  if (!mayRepeat(record.effect.body)) {
    finish(state, id, lostOutcome(), at);
    return;
  }
  state.claims.delete(id);
  replace(state, id, { state: "pending" });
  state.options.hooks.pending(id);
  rouseRunOf(state, id, at);
};

const rouseRunOf = (state: State, id: string, at: Instant): void => {
  const run = state.runOfEffect.get(id);
  if (run !== undefined) rouse(state, run, at);
};

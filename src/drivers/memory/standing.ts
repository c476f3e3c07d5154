// Standing facts in memory.

import type { Instant, RunId } from "../../core/ids.ts";
import { later } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Run } from "../../core/run.ts";
import { standingDraft, standingEndedDraft } from "../../core/standing-drafts.ts";
import {
  concerns,
  isOver,
  LONG_OVER_MS,
  MAX_OTHERS,
  MAX_REPORTS,
} from "../../core/standing-scope.ts";
import type { Standing } from "../../core/standing.ts";
import type { NewStanding, StandingFilter, StandingStore } from "../../ports/store.ts";
import { appendControl, rouse } from "./state.ts";
import { noteSightings } from "./sightings.ts";
import type { StandingEntry, State } from "./state.ts";

export const memoryStanding = (state: State): StandingStore => ({
  add: async (given) => add(state, given),
  end: async (seq, by, at, reason) => {
    const found = find(state, seq);
    if (found === undefined || isOver(found.fact, at)) return found?.fact ?? null;
    const fact = { ...found.fact, ended: { by, at, reason } };
    appendControl(state, standingEndedDraft(found.fact, { by, at, reason }));
    state.standing = state.standing.map((one) =>
      one === found ? { ...found, fact, live: false } : one,
    );
    rouseAll(state, fact, at);
    return fact;
  },
  get: async (seq) => find(state, seq)?.fact ?? null,
  list: async (filter) =>
    state.standing
      .map(({ fact }) => fact)
      .filter((fact) => fits(fact, filter))
      .toReversed()
      .slice(0, filter.limit),
});

const find = (state: State, seq: number): StandingEntry | undefined =>
  state.standing.find(({ fact }) => fact.seq === seq);

const NOTHING: readonly Standing[] = [];

/** What a pass of the run looks at. */
export const standingFor = ({ standing }: State, run: Run): readonly Standing[] => {
  if (standing.length === 0) return NOTHING;
  const release = run.plan.release.id;
  const facts = standing
    .filter(({ live, fact }) => live && concerns(fact, run, release))
    .map(({ fact }) => fact);
  const newest = [
    ...facts.filter((fact) => isReport(fact)).slice(-MAX_REPORTS),
    ...facts.filter((fact) => !isReport(fact)).slice(-MAX_OTHERS),
  ];
  return newest.toSorted((a, b) => a.seq - b.seq);
};

const isReport = ({ body }: Standing): boolean => body.kind === "evidence";

const add = (state: State, { id, ...given }: NewStanding): Standing => {
  const there = state.standing.find((one) => one.id === id);
  if (there !== undefined) return there.fact;
  const fact: Standing = { ...given, seq: state.standing.length + 1, ended: null };
  appendControl(state, standingDraft({ ...given, id }));
  const longOver = later(fact.at, -LONG_OVER_MS);
  const stays = ({ live, fact: { until } }: StandingEntry): boolean =>
    live && (until === null || until >= longOver);
  state.standing = [
    ...state.standing.map((one) => ({ ...one, live: stays(one) })),
    { id, fact, live: true },
  ];
  noteSightings(state, fact);
  rouseAll(state, fact, fact.at);
  return fact;
};

/** Unfinished runs that it concerns are woken, and decisions made without it become conflicts. */
const rouseAll = (state: State, fact: Standing, at: Instant): void => {
  const concerned: RunId[] = [];
  const lanes = new Set<string>();
  for (const { run } of state.runs.values()) {
    if (run.state.kind === "ended" || !concerns(fact, run, run.plan.release.id)) continue;
    concerned.push(run.id);
    lanes.add(laneName(run));
  }
  for (const name of lanes) {
    const place = state.lanes.get(name);
    if (place === undefined) continue;
    const lane = { ...place.lane, revision: place.lane.revision + 1 };
    state.lanes.set(name, { ...place, lane });
  }
  for (const run of concerned) rouse(state, run, at);
};

const fits = (fact: Standing, { kind, release, service, environment, at }: StandingFilter) =>
  (kind === null || fact.body.kind === kind) &&
  (release === null || fact.release === null || fact.release === release) &&
  (service === null || isOf(fact, service)) &&
  (environment === null || fact.environment === null || fact.environment === environment) &&
  (at === null || !isOver(fact, at));

/** A release says its service itself. */
const isOf = ({ service, release }: Standing, wanted: string): boolean =>
  (service === null || service === wanted) &&
  (release === null || release.startsWith(`${wanted}@`));

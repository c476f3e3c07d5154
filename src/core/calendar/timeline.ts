// A calendar from a moment on: whether it is open then, and when that changes. The one place where
// "deny wins" is decided.

import { instant, type Instant } from "../ids.ts";
import type { Calendar } from "./calendar.ts";
import { HORIZON_MS, compiler } from "./compiled.ts";
import { coverageOf, type Budget, type Coverage } from "./coverage.ts";
import { knownStates, type KnownStates, type State } from "./known-states.ts";

/** Not pure: what it looks at is counted over all questions. */
export interface Timeline {
  readonly allow: Coverage;
  readonly deny: Coverage;
  /** Nobody looks further than here. */
  readonly horizon: number;
  readonly budget: Budget;
}

// What core remembers from call to call, by the identity of calendars, which nobody changes: the
// passes of a run meet the same one again and again. It is no part of any answer.
const compiledOf = compiler();
const OPEN = knownStates();
const DENIED = knownStates();

/** To be asked about a number of moments at or after `from`. */
export const timelineOf = (
  { zone, allow, deny }: Pick<Calendar, "zone" | "allow" | "deny">,
  from: Instant,
  answers: number,
): Timeline => {
  const budget = { left: 0 };
  return {
    allow: coverageOf(compiledOf(allow, zone, from), { answers, unreadable: "never" }, budget),
    deny: coverageOf(compiledOf(deny, zone, from), { answers, unreadable: "always" }, budget),
    horizon: from + HORIZON_MS,
    budget,
  };
};

/** A state, and the timeline that it was worked out with; null: it was known from before. */
export interface Look {
  readonly state: State;
  readonly timeline: Timeline | null;
}

/** Is the calendar open then. */
export const lookOpen = (calendar: Calendar, at: Instant): Look =>
  seen(OPEN, calendar, at) ?? learnt(OPEN, calendar, at, timelineOf(calendar, at, 1), openAt);

/** Does something deny it then, whatever allows it. */
export const lookDenied = (calendar: Calendar, at: Instant): Look => {
  const timeline = (): Timeline => timelineOf({ ...calendar, allow: [] }, at, 1);
  return seen(DENIED, calendar, at) ?? learnt(DENIED, calendar, at, timeline(), denialAt);
};

const seen = (known: KnownStates, calendar: Calendar, at: Instant): Look | null => {
  const state = known.at(calendar, at);
  return state === null ? null : { state, timeline: null };
};

const learnt = (
  known: KnownStates,
  calendar: Calendar,
  at: Instant,
  timeline: Timeline,
  work: (timeline: Timeline, at: Instant) => State,
): Look => {
  const state = work(timeline, at);
  const { allow, deny, budget } = timeline;
  const problems = allow.problems().length + deny.problems().length;
  // What was given up early is not the whole of it, and a problem has to be told each time.
  if (budget.left > 0 && problems === 0) known.learn(calendar, at, state);
  return { state, timeline };
};

/** Is it open; `at` is not before the timeline begins. */
export const openAt = (timeline: Timeline, at: Instant): State => {
  const opens = opensFrom(timeline, at);
  return opens === at
    ? { holds: true, until: within(timeline, closesAfter(timeline, at)) }
    : { holds: false, until: within(timeline, opens) };
};

/** Does something deny it, whatever allows it. */
export const denialAt = (timeline: Timeline, at: Instant): State => {
  const { deny, horizon } = timeline;
  const free = deny.until(at, horizon);
  return free > at
    ? { holds: true, until: within(timeline, free) }
    : { holds: false, until: within(timeline, deny.after(at, horizon)) };
};

const within = (timeline: Timeline, at: number): Instant | null =>
  at < timeline.horizon ? instant(at) : null;

/** The first moment at or after `at` that something allows and nothing denies. */
const opensFrom = ({ allow, deny, horizon, budget }: Timeline, at: number): number => {
  let time = at;
  while (time < horizon) {
    const free = deny.until(time, horizon);
    if (free > time) time = free;
    else if (allow.size === 0 || allow.holds(time)) break;
    else time = allow.after(time, horizon);
    if (budget.left <= 0) break;
  }
  return time;
};

/** Something allows `at` and nothing denies it. */
const closesAfter = ({ allow, deny, horizon }: Timeline, at: number): number => {
  const denied = deny.after(at, horizon);
  return allow.size === 0 ? denied : allow.until(at, denied);
};

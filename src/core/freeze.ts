// A freeze, or a denied period of a calendar, that comes while a run is under way: it holds at its
// present weight, finishes or goes back, as its playbook says. When it is over the run goes on by
// itself. Rollbacks are never frozen, and an emergency is not as long as it lasts.

import { admit } from "./admission/admit.ts";
import { calendarsAsked } from "./admission/gate-steps.ts";
import { freezesAt, freezeTimes } from "./admission/no-freeze.ts";
import { emergencyLasts } from "./admission/request.ts";
import type { Admission } from "./admission/rule.ts";
import { reasonsOf } from "./admission/answer.ts";
import { delayWithin, spreadOf } from "./admission/spread.ts";
import { deniedAt } from "./calendar/ask-calendar.ts";
import type { Calendar } from "./calendar/calendar.ts";
import { change, happen, notify, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { goBack } from "./go-back.ts";
import { clockText } from "./clock-text.ts";
import { later } from "./ids.ts";
import { isHeld } from "./held.ts";
import type { DurationMs, Instant } from "./ids.ts";
import type { OnFreeze } from "./playbook.ts";
import type { Reason } from "./reason.ts";
import type { Run } from "./run.ts";
import { reason } from "./steps/step-result.ts";
import { restartClock } from "./travel.ts";

/** What begins again at the same time is spread. */
const THAWING = "the freeze is over; it goes on at a moment of its own";
/** Where no calendar says how far apart runs begin. */
const SPREAD_MS = 30_000;

/** Holds the run, lets it go on, turns it back, or leaves it as it is. */
export const freeze = (draft: Draft): Draft => {
  const { run, now } = draft;
  if (run.origin.kind === "rollback") return draft;
  const aware = wakeForFreezes(draft);
  const { reasons, until } = frozenBy(aware);
  if (reasons.length === 0) return thaw(aware);
  const { emergency } = run.origin;
  if (emergency !== null && emergencyLasts(run, now)) {
    const text = `an emergency until its time is over: ${run.origin.by} passes it`;
    return wake(say(aware, reason("emergency", text), ...reasons), emergency.until);
  }
  switch (policyOf(run)) {
    case "finish":
      return say(aware, reason("freeze-finish", "finishes all the same"), ...reasons);
    case "back":
      return goBack(aware, "rolledBack", reasons[0]?.text ?? "frozen", reasons);
    case "hold":
      return hold(until === null ? aware : wake(aware, until), reasons);
  }
};

/** Ending what has touched nothing would only lose its place; and behind the point of no return
 * there is no way back. */
const policyOf = ({ plan, touchedAt, noReturn }: Run): OnFreeze =>
  plan.onFreeze === "back" && (touchedAt === null || noReturn !== null) ? "hold" : plan.onFreeze;

interface Freezing {
  /** None: it is not. */
  readonly reasons: readonly Reason[];
  /** When one of them ends by itself; null: none does. */
  readonly until: Instant | null;
}

/** What the gate at which it stands asks for itself does not count: there it simply waits. Nor does
 * a calendar whose gate is still ahead. */
const frozenBy = ({ run, snapshot, now }: Draft): Freezing => {
  const present = run.state.kind === "forward" ? run.plan.steps[run.state.step] : undefined;
  const waits = present?.kind === "gate" && present.rules.some(({ kind }) => kind === "noFreeze");
  const freezes = waits ? [] : freezesAt({ run, standing: snapshot.standing }, now);
  const denied = calendarsBehind(run)
    .flatMap((calendar) => {
      const period = deniedAt(calendar, now);
      return period === null ? [] : [{ calendar, period }];
    })
    .filter(isToldOnce);
  const ends = denied.flatMap(({ period }) => (period.until === null ? [] : [period.until]));
  return {
    reasons: [
      ...freezes,
      ...denied.flatMap(({ calendar, period }) => [
        reason("window-denied", `${calendar.name} denies it now`, { until: period.until }),
        ...period.reasons,
      ]),
    ],
    until: ends.length === 0 ? null : (Math.min(...ends) as Instant),
  };
};

interface Denied {
  readonly calendar: Calendar;
  readonly period: NonNullable<ReturnType<typeof deniedAt>>;
}

/** Several gates may have asked the same calendar. */
const isToldOnce = (one: Denied, index: number, all: readonly Denied[]): boolean =>
  all.findIndex(
    ({ calendar, period }) =>
      calendar.name === one.calendar.name && period.until === one.period.until,
  ) === index;

/** Calendars of the gates that the run has passed, as each gate has it. */
const calendarsBehind = ({ plan, state }: Run): readonly Calendar[] =>
  state.kind === "forward" ? calendarsAsked(plan.steps.slice(0, state.step)) : [];

/** A freeze begins and ends on the minute, not when somebody happens to look. */
const wakeForFreezes = (draft: Draft): Draft => {
  const { run, snapshot, now } = draft;
  const ahead = freezeTimes({ run, standing: snapshot.standing }).filter((at) => at > now);
  return ahead.reduce(wake, draft);
};

const hold = (draft: Draft, reasons: readonly Reason[]): Draft => {
  const { run, now } = draft;
  const held = say(draft, ...reasons);
  // What is frozen stays so without another word.
  if (run.frozen !== null && !run.frozen.thawing) return held;
  const why = reasons[0]?.text ?? "frozen";
  const frozen = change(held, { frozen: { reason: why, since: now, thawing: false } });
  const text = `${run.plan.release.id} in ${run.environment} is held: ${why}`;
  return notify(happen(frozen, "run.frozen", reasons), "run.frozen", text);
};

/** Nothing freezes it any more: it asks again what it asked when it began, then waits for a moment
 * of its own, and goes on. */
const thaw = (draft: Draft): Draft => {
  const { run, now } = draft;
  const { frozen } = run;
  if (frozen === null) return draft;
  const admission = askAgain(draft);
  if (admission.kind !== "allow") {
    const reasons = reasonsOf(admission, ["wait", "deny"]);
    const asked = admission.until === null ? draft : wake(draft, admission.until);
    return hold(asked, reasons);
  }
  if (!frozen.thawing) {
    const thawing = change(draft, { frozen: { reason: THAWING, since: now, thawing: true } });
    return thaw(happen(thawing, "run.thawing", [reason("freeze-over", THAWING)]));
  }
  const start = later(frozen.since, delayOf(run, frozen.since, admission.until));
  if (now < start) {
    const text = `the freeze is over; it goes on at ${clockText(start)}, a moment of its own`;
    return wake(say(draft, reason("thawing", text, { until: start })), start);
  }
  const by = run.hold === null ? "it goes on" : `it is still held by ${run.hold.by}`;
  const goes = [reason("thawed", `no freeze is in force any more: ${by}`)];
  const text = `${run.plan.release.id} in ${run.environment}: no freeze any more, ${by}`;
  return notify(happen(letGo(draft, { frozen: null }), "run.thawed", goes), "run.thawed", text);
};

/** Of the entry gate, what time alone decides. */
const askAgain = ({ run, snapshot, now }: Draft): Admission => {
  const entry = run.plan.steps.find((step) => step.kind === "gate");
  const rules = entry?.rules.filter(({ kind }) => kind === "noFreeze" || kind === "window") ?? [];
  const said = { facts: snapshot.facts, effects: snapshot.effects };
  const { standing, verifiedIn } = snapshot;
  const step = entry?.id ?? "entry";
  return admit({ step, rules, run, ...said, standing, verifiedIn, since: now }, now);
};

/** Never beyond half of the time that is open now, or it might never come to it. */
const delayOf = (run: Run, since: Instant, closes: Instant | null): DurationMs => {
  const { calendars } = run.plan;
  const spreadMs = calendars.length === 0 ? SPREAD_MS : Math.max(...calendars.map(spreadOf));
  const openMs = closes === null ? spreadMs : Math.max(0, closes - since) / 2;
  return delayWithin(run.id, Math.min(spreadMs, openMs));
};

/** `by`: who or what lets go. What has to be there in time was not even asked for while it was
 * held: its time begins anew once nothing holds it. What is only watched went on. */
export const letGo = (
  draft: Draft,
  by: { readonly hold: null } | { readonly frozen: null },
): Draft => {
  const { state, plan } = draft.run;
  const going = change(draft, by);
  if (state.kind !== "forward" || isHeld(going.run)) return going;
  if (plan.steps[state.step]?.kind !== "gate") return restartClock(going);
  return change(going, { state: { ...state, since: draft.now } });
};

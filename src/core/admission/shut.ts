// Windows of one gate that are never open at the same moment: each by itself names a next opening,
// and together they would let it wait for ever. Then no moment is named, and why is said.

import type { Calendar } from "../calendar/calendar.ts";
import { neverTogether } from "../calendar/never-open.ts";
import { instant } from "../ids.ts";
import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { GateRule, RuleResult } from "./rule.ts";

/** The results with what is shut for ever, which is asked only where a window waits. */
export const withShut = (
  rules: readonly GateRule[],
  results: readonly RuleResult[],
  now: Instant,
): readonly RuleResult[] => {
  const calendars = rules.flatMap((rule) => (rule.kind === "window" ? [rule.calendar] : []));
  const waits = (result: RuleResult, index: number): boolean =>
    result.kind === "wait" && rules[index]?.kind === "window";
  if (calendars.length < 2 || !results.some(waits)) return results;
  const shut = shutFor(calendars, now);
  if (shut === null) return results;
  return results.map((result, index) =>
    waits(result, index)
      ? {
          ...result,
          until: null,
          reasons: [shut, ...result.reasons.filter(({ code }) => code !== "calendar-opens")],
        }
      : result,
  );
};

/** What comes in five years does not change by the hour. */
const LOOKED_EVERY_MS = 28 * 86_400_000;

interface Answer {
  readonly others: readonly Calendar[];
  readonly from: Instant;
  readonly shut: Reason | null;
}

/** Kept by the identity of the first, which every pass of a run brings again, since looking through
 * five years takes a while. It follows from the calendars and the month alone: nobody sees it. */
const shutKeeper = (): ((calendars: readonly Calendar[], now: Instant) => Reason | null) => {
  const answers = new WeakMap<Calendar, Answer>();
  return (calendars, now) => {
    const [first, ...others] = calendars;
    if (first === undefined) return null;
    const from = instant(Math.floor(now / LOOKED_EVERY_MS) * LOOKED_EVERY_MS);
    const known = answers.get(first);
    const isSame =
      known?.from === from &&
      known.others.length === others.length &&
      known.others.every((one, place) => one === others[place]);
    if (isSame) return known.shut;
    const shut = neverTogether(calendars, from);
    answers.set(first, { others, from, shut });
    return shut;
  };
};

const shutFor = shutKeeper();

// Recurrence rules as starts in local time. rrule-temporal is asked in UTC, where no hour is
// missing or doubled: in a zone it leaves out what falls into a gap, as RFC 5545 says. Here both
// are zone-line.ts's business, the same for every form.

import { RRuleTemporal } from "rrule-temporal";
import type { Recurrence } from "./calendar.ts";
import { DAY_MS, readLocal } from "./civil.ts";
import { utcText } from "./content-lines.ts";
import { plainRule } from "./plain-rule.ts";
import { readParts, untilOf } from "./rule-parts.ts";
import { searchedStarts } from "./searched-starts.ts";
import { UnreadableRule, amended, fromLibrary, within, type Starts } from "./starts.ts";
import type { ZoneLine } from "./zone-line.ts";

type Rule = Pick<Extract<Recurrence, { kind: "rrule" }>, "start" | "rule" | "except" | "also">;

/** Periods, and candidates in them, that the library may look at for one answer. */
const MAX_LOOKS = 20_000;

/** Good for moments before `horizon`. Throws UnreadableRule where the rule is none. */
export const ruleStarts = (
  { start, rule, except, also }: Rule,
  line: ZoneLine,
  horizon: number,
): Starts => {
  const parts = readParts(rule);
  const until = parts === null ? Number.NaN : untilOf(parts, line);
  if (parts === null || Number.isNaN(until)) {
    throw new UnreadableRule(`${JSON.stringify(rule.slice(0, 80))} is no recurrence rule`);
  }
  const first = readLocal(start);
  // Clocks are never a day from UTC.
  const end = Math.min(until, horizon + DAY_MS);
  const endless = plainRule(parts, first) ?? libraryStarts(rule, first, end);
  const last = parts.count === null ? until : lastOf(endless, parts.count, first, end);
  const starts = within(endless, first, last);
  return also.length === 0 && except.length === 0
    ? starts
    : amended(starts, also.map(readLocal), except.map(readLocal));
};

/** The last of so many; `end` where there are not so many by then. */
const lastOf = (starts: Starts, count: number, first: number, end: number): number => {
  let at: number | null = first - 1;
  for (let found = 0; found < count && at !== null; found += 1) at = starts.after(at, end + 1);
  return at ?? end;
};

/** UNTIL keeps the library from looking for what never happens. COUNT is counted here. */
const libraryStarts = (rule: string, first: number, end: number): Starts => {
  const parts = rule.split(";").filter((part) => !/^(?:UNTIL|COUNT)=/u.test(part));
  const searched = fromLibrary(
    () =>
      new RRuleTemporal({
        rruleString: [...parts, `UNTIL=${utcText(end)}`].join(";"),
        dtstart: utc(first),
        strict: true,
        maxIterations: MAX_LOOKS,
        maxCandidateEvaluations: MAX_LOOKS,
      }),
  );
  return searchedStarts({
    next: (local, count) => {
      const found: number[] = [];
      for (let at: number | null = local; found.length < count;) {
        const from: number = at;
        at = fromLibrary(() => searched.next(utc(from))?.epochMilliseconds ?? null);
        if (at === null) break;
        found.push(at);
      }
      return found;
    },
    previous: (local) =>
      fromLibrary(() => searched.previous(utc(local), true)?.epochMilliseconds ?? null),
  });
};

const utc = (at: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("UTC");

// One hard question for admission: a gate of a hundred rules, one of them a calendar of a thousand
// periods of every form that arithmetic answers.

import {
  HOUR,
  MINUTE,
  MONDAY,
  RELEASE,
  STAGING,
  approval,
  asking,
  checklist,
  facts,
  item,
  stands,
  tick,
} from "../src/core/admission/admission.testing.ts";
import type { AdmissionRequest } from "../src/core/admission/request.ts";
import type { GateRule } from "../src/core/admission/rule.ts";
import type { Calendar, Recurrence, Weekday } from "../src/core/calendar/calendar.ts";
import { condition, report } from "../src/core/evidence/evidence.testing.ts";
import { later } from "../src/core/ids.ts";
import type { Actor } from "../src/core/ids.ts";

export const PERIODS = 1_000;
export const RULES = 100;
/** How often each form comes in twenty: most are weekly, by cron or by rule. */
const FORMS = [5, 4, 4, 1, 4, 1, 1];
const PEOPLE = ["bob", "carol", "dave", "erin"];

/** A calendar that nobody has asked anything yet. Half of its periods allow. */
export const calendarOf = (more = 0): Calendar => {
  const all = Array.from({ length: PERIODS }, (_, index) => period(index + more));
  const half = PERIODS / 2;
  return {
    name: "release-days",
    zone: "America/New_York",
    allow: all.slice(0, half),
    deny: all.slice(half),
    spreadMs: 10 * MINUTE,
  };
};

const formOf = (index: number): number => {
  let place = (index * 7) % 20;
  const form = FORMS.findIndex((count) => (place -= count) < 0);
  return Math.max(0, form);
};

const period = (index: number): Recurrence => {
  const text = `period ${index}`;
  const minute = [0, 15, 30, 45][index % 4] ?? 0;
  const from = `${String(index % 24).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const forMs = ((index % 3) + 1) * 20 * MINUTE;
  const weekday = (index % 7) + 1;
  switch (formOf(index)) {
    case 0:
      return { kind: "weekly", text, days: [weekday as Weekday], from, forMs };
    case 1: {
      const day = index % 2 === 0 ? "*" : String((index % 28) + 1);
      return { kind: "cron", text, expression: `${minute} ${index % 24} ${day} * *`, forMs };
    }
    case 2: {
      const rules = ["FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=DAILY;INTERVAL=3"];
      const rule = rules[index % 3] ?? "";
      return {
        kind: "rrule",
        text,
        start: `2026-01-01T${from}`,
        rule,
        except: [],
        also: [],
        forMs,
      };
    }
    case 3:
      return { kind: "monthDays", text, first: (index % 28) + 1, last: (index % 28) + 1 };
    case 4: {
      const hour = String((index % 23) + 1).padStart(2, "0");
      const times = [{ from: `${String(index % 23).padStart(2, "0")}:30`, to: `${hour}:00` }];
      const weekdays = [{ first: weekday, last: weekday }];
      return { kind: "interval", text, times, weekdays, daysOfMonth: [], months: [], years: [] };
    }
    case 5: {
      const day = `2027-${String((index % 12) + 1).padStart(2, "0")}-11`;
      return { kind: "days", text, days: [{ first: day, last: day, name: text }] };
    }
    default:
      return {
        kind: "once",
        text,
        from: later(MONDAY, index * HOUR),
        to: later(MONDAY, index * HOUR + forMs),
      };
  }
};

/** The gate is held up by its calendar at most: all else is given. */
export const questionOf = (calendar: Calendar): AdmissionRequest =>
  asking(
    Array.from({ length: RULES }, (_, index) => ruleOf(index, calendar)),
    {
      standing: STANDING,
      facts: SAID,
      verifiedIn: [STAGING],
    },
  );

const ruleOf = (index: number, calendar: Calendar): GateRule => {
  const id = `rule-${index}`;
  if (index === 0) return { id, kind: "window", calendar };
  if (index === 1) return { id, kind: "noFreeze" };
  if (index === 2) return { id, kind: "changeRecord" };
  if (index === 3) return { id, kind: "verifiedIn", environment: STAGING };
  if (index % 3 === 0)
    return { id, kind: "evidence", conditions: [condition(`value${index % 10}`, "> 80%")] };
  if (index % 3 === 1) {
    return { id, kind: "checklist", checklist: checklist(item(`tick-${index % 10}`)) };
  }
  const from = ["alice", ...PEOPLE];
  const rule = { from, groups: [], count: 2, notAuthor: true, expiresMs: null, asks: [] };
  return { id, kind: "approval", approval: rule };
};

const SAID = facts(
  ...PEOPLE.map((by) => [by, MONDAY, approval()] as const),
  ...Array.from({ length: 10 }, (_, index) => ["bob", MONDAY, tick(`tick-${index}`)] as const),
);

/** Ten reports, ten freezes of which none is in force now, ten absences, ten waivers, a change. */
const STANDING = Array.from({ length: 10 }, (_, index) => index)
  .flatMap((index) => {
    const seq = index * 4 + 1;
    const [from, until] = [later(MONDAY, -2 * HOUR), later(MONDAY, -index * MINUTE)];
    const evidence = report(`report-${index}`, {
      values: { [`value${index}`]: { unit: "percent", value: 90 } },
    });
    return [
      stands({ kind: "evidence", evidence }, { seq, release: RELEASE }),
      stands({ kind: "freeze", reason: "over" }, { seq: seq + 1, from, until }),
      stands(
        { kind: "delegation", to: "frank" as Actor, reason: "away" },
        { seq: seq + 2, by: "dave" as Actor },
      ),
      stands(
        { kind: "waiver", what: `CVE-2026-${index}`, reason: "unused", owner: "bob" as Actor },
        { seq: seq + 3, release: RELEASE },
      ),
    ];
  })
  .concat(
    stands(
      { kind: "changeRecord", id: "CHG-1", state: "approved", url: null },
      { seq: 1_000, release: RELEASE },
    ),
  );

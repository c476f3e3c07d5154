// Calendars that say the same, as one: they are read anew with each plan, and whatever was worked
// out for one of them is kept by its identity (see timeline.ts). The digest that tells them apart
// is made here, when one is read, so that nobody makes it who only asks.

import { sha256Hex } from "../sha256.ts";
import type { Calendar, Recurrence } from "./calendar.ts";

/** The same calendar, or one from before that says the same. */
export type KeepCalendar = (calendar: Calendar) => Calendar;

/** Of more than `most` different ones all are forgotten, and it begins anew: what is still in use
 * stays what it is. Calendars that differ in a part share what is the same in both: all that they
 * allow, or all that they deny. */
export const keptCalendars = (most: number): KeepCalendar => {
  const calendars = new Map<string, Calendar>();
  const lists = new Map<string, readonly Recurrence[]>();
  return (calendar) => {
    const digest = sha256Hex(JSON.stringify(calendar));
    const known = calendars.get(digest);
    if (known !== undefined) return known;
    if (calendars.size >= most) {
      calendars.clear();
      lists.clear();
    }
    const { allow, deny } = calendar;
    const kept = { ...calendar, allow: keptList(lists, allow), deny: keptList(lists, deny) };
    calendars.set(digest, kept);
    return kept;
  };
};

const keptList = (
  lists: Map<string, readonly Recurrence[]>,
  list: readonly Recurrence[],
): readonly Recurrence[] => {
  const digest = sha256Hex(JSON.stringify(list));
  const known = lists.get(digest);
  if (known === undefined) lists.set(digest, list);
  return known ?? list;
};

// Calendars: all of them, one with its next periods, and one as others' calendars take it.

import * as z from "zod";
import { calendarFeed as feedOf } from "../../core/calendar/calendar-feed.ts";
import {
  calendarBriefs,
  calendarNamed,
  calendarView,
  definitionsNow,
} from "../calendar-reading.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { momentText, wholeNumber } from "../input.ts";

const USUAL_PERIODS = 10;
const MOST_PERIODS = 100;
/** As many periods as people look ahead in a calendar of their own. */
const FEED_PERIODS = 100;

export const calendars = handler(ROUTES.calendars, {
  summary: "Calendars, whether each is open, and who asks it",
  replies: "CalendarList",
  handle: async ({ parts }) => ({
    calendars: calendarBriefs(await definitionsNow(parts), parts.world.now()),
  }),
});

export const calendar = handler(ROUTES.calendar, {
  summary: "One calendar with its rules and the times at which it is open next",
  query: z.strictObject({
    from: momentText.optional(),
    count: wholeNumber(1, MOST_PERIODS).optional(),
  }),
  replies: "CalendarView",
  handle: async ({ params, query, parts }) => {
    const definitions = await definitionsNow(parts);
    return calendarView(definitions, calendarNamed(definitions, params.calendar), {
      from: query.from ?? parts.world.now(),
      count: query.count ?? USUAL_PERIODS,
    });
  },
});

export const calendarFeed = handler(ROUTES.calendarFeed, {
  summary: "The same as an iCalendar file, to be subscribed to",
  replies: "iCalendar",
  handle: async ({ params, parts }) => {
    const found = calendarNamed(await definitionsNow(parts), params.calendar);
    return feedOf(found, parts.world.now(), FEED_PERIODS);
  },
});

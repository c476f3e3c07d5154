// calendar list, show, why, next, feed: when something may be deployed.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { momentQuery } from "../moment-option.ts";
import {
  renderCalendar,
  renderCalendars,
  renderMayDeploy,
  renderPeriods,
} from "../print/calendars.ts";

export const list: Run = async (context) => {
  const client = await context.client();
  const found = await client.call(ROUTES.calendars, {});
  answer(context, found, (options) => renderCalendars(found, options));
  return EXIT.ok;
};

export const show: Run = async (context, [calendar = ""]) => {
  const client = await context.client();
  const view = await client.call(ROUTES.calendar, { params: { calendar }, query: { count: 3 } });
  answer(context, view, (options) => renderCalendar(view, options));
  return EXIT.ok;
};

/** Fails where the answer is no, so that a script can ask. */
export const why: Run = async (context, [service = "", environment = ""]) => {
  const at = momentQuery(context, "at");
  const client = await context.client();
  const view = await client.call(ROUTES.mayDeploy, {
    params: { service, environment },
    query: { at },
  });
  answer(context, view, (options) => renderMayDeploy(view, options));
  return view.answer === "allow" ? EXIT.ok : EXIT.failed;
};

export const next: Run = async (context, [calendar = ""]) => {
  const from = momentQuery(context, "from");
  const client = await context.client();
  const view = await client.call(ROUTES.calendar, { params: { calendar }, query: { from } });
  answer(context, view, (options) => renderPeriods(view, options));
  return EXIT.ok;
};

export const feed: Run = async (context, [calendar = ""]) => {
  const client = await context.client();
  const text = await client.call(ROUTES.calendarFeed, { params: { calendar } });
  // Its lines end as RFC 5545 wants them, and nothing may come behind them.
  if (context.json) answer(context, { calendar, feed: text }, () => "");
  else context.io.stdout.write(text);
  return EXIT.ok;
};

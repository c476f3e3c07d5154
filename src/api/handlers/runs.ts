// Reading runs: lists, one run's whole picture, its plan, its events.

import * as z from "zod";
import { shownPlan } from "../../core/secrets/shown-plan.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { environmentName, runFilter, serviceName, wholeNumber } from "../input.ts";
import { placesOf, requireKnown } from "../known-names.ts";
import { runBrief } from "../run-brief.ts";
import { readView } from "../run-reading.ts";
import { runNamed } from "../run-reference.ts";

const MOST_RUNS = 1_000;
const USUAL_RUNS = 20;
const MOST_EVENTS = 1_000;

export const runs = handler(ROUTES.runs, {
  summary: "Runs, newest first",
  query: z.strictObject({
    service: serviceName.optional(),
    environment: environmentName.optional(),
    state: runFilter.optional(),
    limit: wholeNumber(1, MOST_RUNS).optional(),
  }),
  replies: "RunList",
  handle: async ({ query, parts }) => {
    const { service, environment, state, limit } = query;
    const found = await parts.history.list({
      service: service ?? null,
      environment: environment ?? null,
      state: state ?? null,
      limit: limit ?? USUAL_RUNS,
    });
    if (found.length === 0) requireKnown(await placesOf(parts), query);
    return { runs: found.map(runBrief) };
  },
});

export const run = handler(ROUTES.run, {
  summary: "One run: steps, traffic, measurements, reasons",
  replies: "RunView",
  handle: async ({ params, parts }) => readView(parts, await runNamed(parts, params.run)),
});

export const runPlan = handler(ROUTES.runPlan, {
  summary: "The plan that a run carries out",
  replies: "Plan",
  handle: async ({ params, parts }) =>
    shownPlan((await runNamed(parts, params.run)).run.plan, null),
});

export const events = handler(ROUTES.events, {
  summary: "What happened in a run, in order",
  query: z.strictObject({
    after: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
    limit: wholeNumber(1, MOST_EVENTS).optional(),
  }),
  replies: "EventList",
  handle: async ({ params, query, parts }) => {
    const { run } = await runNamed(parts, params.run);
    const found = await parts.history.events(run.id, query.after ?? 0, query.limit ?? MOST_EVENTS);
    return {
      events: found.map(({ seq, at, type, step, reasons }) => ({ seq, at, type, step, reasons })),
    };
  },
});

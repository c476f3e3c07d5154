// What begins a run: deploy, promote, roll back; and the plan that says what one would do.

import * as z from "zod";
import type { Actor, ReleaseId, ServiceName } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import type { Run } from "../../core/run.ts";
import { shownPlan } from "../../core/secrets/shown-plan.ts";
import { definitionsNow } from "../calendar-reading.ts";
import type { PhasesView } from "../contract/phases.ts";
import { ROLLBACK_TIERS } from "../contract/orders.ts";
import type { BegunView, Forecast } from "../contract/orders.ts";
import { ROUTES } from "../contract/routes.ts";
import { forecastOf } from "../forecast.ts";
import { gateViews } from "../gate-views.ts";
import { handler } from "../handler.ts";
import { environmentName, reason, reasonOrNull, releaseName, serviceName } from "../input.ts";
import type { ApiParts } from "../parts.ts";
import { readPhases } from "../phases-reading.ts";
import { viewOf } from "../run-reading.ts";

const tier = z.enum(ROLLBACK_TIERS).nullable().default(null);
const now = z.boolean().default(false);
const place = { service: serviceName, environment: environmentName };
const urgency = { emergency: z.boolean().default(false), supersede: z.boolean().default(false) };

export const plan = handler(ROUTES.plan, {
  summary: "What a deployment would do, step by step",
  body: z.strictObject({ ...place, release: releaseName }),
  replies: "Forecast",
  handle: async ({ body, by, parts }) => {
    const whole = await forecast(parts, body, by);
    const members: Forecast[] = [];
    for (const step of whole.plan.steps) {
      if (step.kind !== "train") continue;
      for (const { service, release } of step.members) {
        const { environment } = body;
        members.push(await forecast(parts, { service, environment, release }, by));
      }
    }
    return members.length === 0 ? whole : { ...whole, members };
  },
});

const forecast = async (
  parts: ApiParts,
  asked: LaneKey & { readonly release: ReleaseId },
  by: Actor,
): Promise<Forecast> => {
  const { plan: made, against } = await parts.operations.planFor(asked);
  const judged = await forecastOf(parts, made, by);
  const gates = gateViews(judged, parts.world.now());
  const missing = await parts.operations.missingSecrets(made);
  return {
    plan: shownPlan(made, against),
    against: against === null ? null : shownPlan(against, null),
    gates,
    phases: await phasesFor(parts, asked),
    ...(await placeOf(parts, asked)),
    ...(missing.length === 0 ? {} : { missingSecrets: missing }),
  };
};

const placeOf = async (
  parts: ApiParts,
  { environment }: LaneKey,
): Promise<Pick<Forecast, "place">> => {
  const { environments } = await definitionsNow(parts);
  const place = environments.find(({ name }) => name === environment)?.about;
  return place === undefined ? {} : { place };
};

/** Null: the service follows no rollout. */
const phasesFor = async (
  parts: ApiParts,
  { service, release }: { readonly service: ServiceName; readonly release: ReleaseId },
): Promise<PhasesView | null> => {
  const definitions = await definitionsNow(parts);
  const defined = definitions.services.find(({ name }) => name === service);
  return defined === undefined ? null : await readPhases(parts, definitions, defined, release);
};

export const deploy = handler(ROUTES.deploy, {
  summary: "Begin a run of a release in an environment",
  body: z.strictObject({
    ...place,
    release: releaseName,
    reason: reasonOrNull,
    ...urgency,
  }),
  replies: "BegunView",
  handle: ({ body, by, parts }) => begunView(parts, () => parts.operations.deploy({ ...body, by })),
});

export const promote = handler(ROUTES.promote, {
  summary: "Begin a run of a release that succeeded one environment earlier",
  body: z.strictObject({
    ...place,
    release: releaseName.nullable(),
    reason: reasonOrNull,
    ...urgency,
  }),
  replies: "BegunView",
  handle: ({ body, by, parts }) =>
    begunView(parts, () => parts.operations.promote({ ...body, by })),
});

const begunView = async (parts: ApiParts, begin: () => Promise<Run>): Promise<BegunView> => {
  const askedAt = parts.world.now();
  const run = await begin();
  const view = await viewOf(parts, run);
  return run.createdAt < askedAt ? { ...view, already: true } : view;
};

export const rollback = handler(ROUTES.rollback, {
  summary: "Return a lane to a known good release",
  body: z.strictObject({ ...place, to: releaseName.nullable(), tier, now, reason }),
  replies: "RunView",
  handle: async ({ body, by, parts }) =>
    viewOf(parts, await parts.operations.rollback({ ...body, by })),
});

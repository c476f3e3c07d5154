// What begins a run: deploy, promote, roll back; and the plan that says what one would do.

import * as z from "zod";
import { ROUTES } from "../contract.ts";
import { handler } from "../handler.ts";
import { environmentName, reason, reasonOrNull, releaseName, serviceName } from "../input.ts";
import { viewOf } from "../run-reading.ts";

const place = { service: serviceName, environment: environmentName };

export const plan = handler(ROUTES.plan, {
  summary: "What a deployment would do, step by step",
  body: z.strictObject({ ...place, release: releaseName }),
  replies: "PlanView",
  handle: ({ body, parts }) => parts.operations.planFor(body),
});

export const deploy = handler(ROUTES.deploy, {
  summary: "Begin a run of a release in an environment",
  body: z.strictObject({ ...place, release: releaseName, reason: reasonOrNull }),
  replies: "RunView",
  handle: async ({ body, by, parts }) =>
    viewOf(parts, await parts.operations.deploy({ ...body, by })),
});

export const promote = handler(ROUTES.promote, {
  summary: "Begin a run of a release that succeeded one environment earlier",
  body: z.strictObject({ ...place, release: releaseName.nullable(), reason: reasonOrNull }),
  replies: "RunView",
  handle: async ({ body, by, parts }) =>
    viewOf(parts, await parts.operations.promote({ ...body, by })),
});

export const rollback = handler(ROUTES.rollback, {
  summary: "Return a lane to a known good release",
  body: z.strictObject({ ...place, to: releaseName.nullable(), reason }),
  replies: "RunView",
  handle: async ({ body, by, parts }) =>
    viewOf(parts, await parts.operations.rollback({ ...body, by })),
});

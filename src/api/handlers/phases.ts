// The phases of a release, day by day.

import * as z from "zod";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { releaseName } from "../input.ts";
import { phasesOf } from "../phases-reading.ts";

export const phases = handler(ROUTES.phases, {
  summary: "A release's way over its environments, day by day",
  query: z.strictObject({ release: releaseName.optional() }),
  replies: "PhasesView",
  handle: ({ params, query, parts }) => phasesOf(parts, params.service, query.release ?? null),
});

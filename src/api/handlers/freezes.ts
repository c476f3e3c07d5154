// Freezes: said, listed, ended.

import * as z from "zod";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { environmentName, moment, reason, serviceName } from "../input.ts";
import { placesOf, requireKnown } from "../known-names.ts";
import { requireOrder, standingNow } from "../standing-reading.ts";
import { freezeView, ofKind, theOne } from "../standing-views.ts";

export const freeze = handler(ROUTES.freeze, {
  summary: "Let nothing new begin, in one place or everywhere",
  body: z.strictObject({
    service: serviceName.nullable(),
    environment: environmentName.nullable(),
    reason,
    from: moment.nullable(),
    until: moment.nullable(),
  }),
  replies: "FreezeView",
  handle: async ({ body, by, parts }) => {
    const { service, environment, from, until } = body;
    requireKnown(await placesOf(parts), {
      service: service ?? undefined,
      environment: environment ?? undefined,
    });
    requireOrder({ from, until }, parts.world.now());
    return freezeView(theOne(await parts.operations.freeze({ ...body, by }), "freeze"));
  },
});

export const freezes = handler(ROUTES.freezes, {
  summary: "Freezes that are in force, or still to come",
  replies: "FreezeList",
  handle: async ({ parts }) => ({
    freezes: ofKind(await standingNow(parts, "freeze"), "freeze").map(freezeView),
  }),
});

export const unfreeze = handler(ROUTES.unfreeze, {
  summary: "End a freeze before its time",
  body: z.strictObject({ reason }),
  replies: "FreezeView",
  handle: async ({ params, body, by, parts }) => {
    const ended = await parts.operations.endStanding({
      kind: "freeze",
      seq: params.standing,
      reason: body.reason,
      by,
    });
    return freezeView(theOne(ended, "freeze"));
  },
});

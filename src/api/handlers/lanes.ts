// Lanes as they are now, and what their instances wrote.

import * as z from "zod";
import { followUpsIn, isOfLane } from "../checklist-reading.ts";
import type { LaneView } from "../contract/lanes.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { environmentName, momentText, serviceName, slot, wholeNumber } from "../input.ts";
import { placesOf, requireKnown } from "../known-names.ts";
import { standingNow } from "../standing-reading.ts";
import { readLane, standingOfLanes } from "../lane-reading.ts";
import { phasesOfAll } from "../phases-reading.ts";
import { mayDeploy as mayDeployThen } from "../may-deploy.ts";

const USUAL_LINES = 100;
const MOST_LINES = 10_000;
/** So many lanes are looked at in one answer. */
const MOST_LANES = 200;

export const lanes = handler(ROUTES.lanes, {
  summary: "Every service in every environment, as it is now",
  query: z.strictObject({
    service: serviceName.optional(),
    environment: environmentName.optional(),
  }),
  replies: "LaneList",
  handle: async ({ query, parts, signal }) => {
    const places = await placesOf(parts);
    requireKnown(places, query);
    const wanted = places.pairs
      .filter(({ service }) => query.service === undefined || query.service === service)
      .filter(
        ({ environment }) => query.environment === undefined || query.environment === environment,
      )
      .slice(0, MOST_LANES);
    const standing = await standingOfLanes(parts);
    const read = wanted.map((place) => readLane(parts, place, standing, signal));
    const [found, phases] = await Promise.all([
      Promise.all(read),
      query.environment === undefined ? phasesOfAll(parts, query) : [],
    ]);
    const open = await followUpsIn(parts, await standingNow(parts, "followUp"));
    const withOpen = found.map((lane): LaneView => {
      const followUps = open.filter((list) => isOfLane(list, lane));
      return followUps.length === 0 ? lane : { ...lane, followUps };
    });
    return { lanes: withOpen, phases };
  },
});

export const mayDeploy = handler(ROUTES.mayDeploy, {
  summary: "Whether windows and freezes let a run begin at a moment, and if not, when",
  query: z.strictObject({ at: momentText.optional() }),
  replies: "MayDeployView",
  handle: ({ params, query, parts }) => mayDeployThen(parts, params, query.at ?? parts.world.now()),
});

export const logs = handler(ROUTES.logs, {
  summary: "The last lines that instances wrote",
  query: z.strictObject({ slot: slot.optional(), tail: wholeNumber(1, MOST_LINES).optional() }),
  replies: "Logs",
  handle: async ({ params, query, parts }) => {
    requireKnown(await placesOf(parts), params);
    const instances = await parts.operations.logs({
      ...params,
      slot: query.slot ?? null,
      tail: query.tail ?? USUAL_LINES,
    });
    return { instances };
  },
});

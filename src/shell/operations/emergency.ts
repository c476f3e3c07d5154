// Break-glass: a run past windows and freezes. Only by those whom the environment names, only for a
// reason and for a time, and with a review that nobody has to remember to ask for.

import type { Actor, RunId } from "../../core/ids.ts";
import { later } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import { environmentOf } from "../../core/plan-for.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Origin } from "../../core/run.ts";
import type { Asked, Desk } from "./desk.ts";
import { definitionsOf } from "./planning.ts";

/** Throws a Refusal: `denied-emergency`, `no-reason`. */
export const breakGlass = async (
  desk: Desk,
  request: LaneKey & Asked,
): Promise<NonNullable<Origin["emergency"]>> => {
  const { takes } = environmentOf(await definitionsOf(desk), request);
  const { by, environment } = request;
  if (takes.emergency === null || !takes.emergency.from.includes(by)) {
    throw denied(by, environment, takes.emergency?.from ?? []);
  }
  if (request.reason === null || request.reason.trim() === "") {
    throw new Refusal({
      code: "no-reason",
      message: "an emergency needs a reason: it is what the review afterwards begins with",
      hint: "--reason TEXT",
    });
  }
  return { until: later(desk.world.now(), takes.emergency.withinMs) };
};

const denied = (by: Actor, environment: string, from: readonly string[]): Refusal =>
  new Refusal({
    code: "denied-emergency",
    message: `${by} may not begin an emergency run in ${environment}`,
    hint:
      from.length === 0
        ? `nobody may: ${environment} has no takes.emergency`
        : `these may: ${from.join(", ")}`,
  });

/** Under an id that follows from the run's: asked for twice, it is there once. */
export const askForReview = async (
  desk: Desk,
  { service, environment }: LaneKey,
  { by, reason }: Origin,
  run: RunId,
): Promise<void> => {
  const at = desk.world.now();
  await desk.standing.add({
    id: `review-${run}`,
    by,
    at,
    from: at,
    until: null,
    release: null,
    service,
    environment,
    body: { kind: "review", run, reason: reason ?? "begun as an emergency" },
  });
};

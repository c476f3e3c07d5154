// Standing facts of one kind as they are now, and the times that such a fact may have.

import type { Instant } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { ApiParts } from "./parts.ts";

const MOST_LISTED = 1_000;

/** In force, or later; newest first. */
export const standingNow = (
  parts: ApiParts,
  kind: StandingBody["kind"],
): Promise<readonly Standing[]> =>
  parts.operations.listStanding({
    kind,
    release: null,
    service: null,
    environment: null,
    at: parts.world.now(),
    limit: MOST_LISTED,
  });

/** An end before the beginning, or long past, is a slip of the pen. */
export const requireOrder = (
  { from, until }: { readonly from: Instant | null; readonly until: Instant | null },
  now: Instant,
): void => {
  if (until === null) return;
  if (until > (from ?? now) && until > now) return;
  throw new Refusal({
    code: "bad-request",
    message: until <= now ? "it would be over already" : "it would end before it begins",
    where: "body.until",
  });
};

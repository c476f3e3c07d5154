// Whom a standing fact concerns, and when it is over, so that every store means the same by it.

import type { DurationMs, Instant, ReleaseId } from "./ids.ts";
import type { LaneKey } from "./lane.ts";
import type { Standing } from "./standing.ts";

/** What has been over for so long may be put away: no clock is off by this much. */
export const LONG_OVER_MS: DurationMs = 86_400_000;

/** Reports of one release that a pass looks at, and other facts: the newest of each. */
export const MAX_REPORTS = 200;
export const MAX_OTHERS = 1_000;

type About = Pick<Standing, "release" | "service" | "environment">;

/** It is said of the lane's release, or of anything that the lane is part of. */
export const concerns = (about: About, lane: LaneKey, release: ReleaseId): boolean =>
  (about.release === null || about.release === release) &&
  (about.service === null || about.service === lane.service) &&
  (about.environment === null || about.environment === lane.environment);

export const isOver = (fact: Standing, at: Instant): boolean =>
  (fact.ended !== null && fact.ended.at <= at) || (fact.until !== null && fact.until <= at);

// When a phase is due: counted in days of the rollout's zone from the day on which the first phase
// was verified, and never sooner after the phase before it than the plan has days between them.

import { instant } from "../ids.ts";
import type { EnvironmentName, Instant } from "../ids.ts";
import type { Phase, Rollout } from "./rollout.ts";

/** Where a release is known good, and since when. */
export interface Verified {
  readonly environment: EnvironmentName;
  readonly at: Instant;
}

export interface Period {
  readonly opens: Instant;
  /** The end of its last day, exclusive. */
  readonly closes: Instant;
}

/** `source`: the phase that it takes its releases from. Null where that, or the first phase, was
 * not verified yet: nobody can know the day then. */
export const periodOf = (
  { zone, phases }: Rollout,
  { days }: Phase,
  source: Phase,
  verified: readonly Verified[],
): Period | null => {
  const at = (environment: EnvironmentName | undefined): Instant | null =>
    verified.find((one) => one.environment === environment)?.at ?? null;
  const first = at(phases[0]?.environment);
  const before = at(source.environment);
  if (first === null || before === null) return null;
  const planned = startOfDay(first, days.first - 1, zone);
  const slipped = startOfDay(before, Math.max(0, days.first - source.days.last), zone);
  const opens = instant(Math.max(planned, slipped));
  return { opens, closes: startOfDay(opens, days.last - days.first + 1, zone) };
};

/** The first moment of the day that comes so many days after the one of `at`. */
export const startOfDay = (at: Instant, days: number, zone: string): Instant =>
  instant(
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .toPlainDate()
      .add({ days })
      .toZonedDateTime(zone).epochMilliseconds,
  );

// Cron expressions as starts in local time. Croner is asked in UTC, where no hour is missing or
// doubled: by itself it leaves out what `*/15` would do in a gap, and does it twice in an overlap.
// Here both are zone-line.ts's business, the same for every form.

import { Cron } from "croner";
import { plainCron } from "./plain-cron.ts";
import { searchedStarts } from "./searched-starts.ts";
import { UnreadableRule, fromLibrary, patternStarts, type Starts } from "./starts.ts";

const MAX_LENGTH = 200;
const SECOND_MS = 1_000;

/** Throws UnreadableRule where croner refuses the expression. */
export const cronStarts = (expression: string): Starts => {
  if (expression.length > MAX_LENGTH) {
    throw new UnreadableRule(`expected at most ${MAX_LENGTH} characters, found more`);
  }
  const plain = plainCron(expression);
  if (plain !== null) return patternStarts(plain.days, plain.times);
  const cron = fromLibrary(() => new Cron(expression, { mode: "5-part", utcOffset: 0 }));
  // Croner reads whole seconds, and no window begins between two.
  return searchedStarts({
    next: (local, count) =>
      fromLibrary(() => cron.nextRuns(count, isoText(local)).map((one) => one.getTime())),
    previous: (local) =>
      fromLibrary(() => cron.previousRuns(1, isoText(local + SECOND_MS))[0]?.getTime() ?? null),
  });
};

const isoText = (local: number): string =>
  Temporal.Instant.fromEpochMilliseconds(local).toString({ smallestUnit: "second" });

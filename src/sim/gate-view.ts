// What a judge knows of one moment of a run: what people had said by then, with and without the
// words of that very moment, which may have been heard or not.

import type { Instant } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { Book } from "./book.ts";

export interface Moment {
  readonly run: Run;
  readonly book: Book;
  /** When the run was read. */
  readonly loadedAt: Instant;
  /** By the clock of whoever decided. */
  readonly at: Instant;
  /** Checks of checklists that succeeded, by `run gate/item`. */
  readonly checked: ReadonlySet<string>;
}

/** One way to see it: words up to `heard` are known. */
export interface View extends Moment {
  readonly heard: Instant;
}

/** With the words of that very moment, and without them. */
export const viewsOf = (moment: Moment): readonly View[] => [
  { ...moment, heard: moment.loadedAt },
  { ...moment, heard: (moment.loadedAt - 1) as Instant },
];

export const isEmergency = ({ run, at }: Pick<View, "run" | "at">): boolean =>
  run.origin.emergency !== null && at < run.origin.emergency.until;

type Of<K extends StandingBody["kind"]> = Standing & {
  readonly body: Extract<StandingBody, { kind: K }>;
};

/** What is in force for this run. */
export const inForce = <K extends StandingBody["kind"]>(
  { book, run, heard, at }: View,
  kind: K,
): readonly Of<K>[] =>
  book.standing(heard).filter((one): one is Of<K> => {
    const { body, from, until, ended, release, service, environment } = one;
    if (body.kind !== kind || from > at || (until !== null && until <= at)) return false;
    // Whoever reads it after its end reads that it is over, whatever their clock says.
    if (ended !== null) return false;
    const other = release !== null && release !== run.plan.release.id;
    if (service !== null && service !== run.service) return false;
    return !other && (environment === null || environment === run.environment);
  });

export const freezeOf = (view: View): Standing | null => inForce(view, "freeze")[0] ?? null;

// What a recurrence is while it is read: the form alone says neither in which zone it recurs nor
// why, so it becomes a recurrence once both are known.

import type { Recurrence } from "../core/calendar/calendar.ts";
import type { ZoneLine } from "../core/calendar/zone-line.ts";
import { field, type Fault } from "./leaf.ts";
import { duration } from "./quantities.ts";

export const MINUTE_MS = 60_000;

/** Of whole days in a file beside the definitions: known once all files are. */
interface Holidays {
  readonly kind: "holidays";
  readonly file: string;
  readonly why: string | null;
}

export type WrittenRecurrence = Recurrence | Holidays;

/** The recurrence in a zone, or what is wrong with it there; the path leads on from the item. */
export type InZone = (line: ZoneLine) => WrittenRecurrence | ItemFault;

export interface ItemFault {
  readonly kind: "fault";
  readonly path: readonly string[];
  readonly fault: Fault;
}

export type Form = (why: string | null) => InZone;

export const forField = (example: string) =>
  field(duration({ min: MINUTE_MS }), "How long it lasts from there.", example);

export const named = (why: string | null, form: string): string =>
  why === null ? form : `${why} (${form})`;

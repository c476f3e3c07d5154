// When something may be begun: periods that allow and periods that deny, in a zone of their own.
// Deny wins. What is open at a moment, and until when, is worked out in ask-calendar.ts.

import type { DurationMs, Instant } from "../ids.ts";

export interface Calendar {
  readonly name: string;
  /** As Temporal takes it: an IANA name, or a fixed distance such as `-05:00`. */
  readonly zone: string;
  /** None: open whenever nothing denies it. */
  readonly allow: readonly Recurrence[];
  readonly deny: readonly Recurrence[];
  /** Runs that wait for it begin within this time after it opens, each at a moment of its own. */
  readonly spreadMs: DurationMs;
}

/** Ends are exclusive, unless the form itself says otherwise. */
export type Recurrence = {
  /** Who reads `why` reads this: `Tuesday and Thursday 10:00 to 12:00`, `end of month`. */
  readonly text: string;
} & (
  | {
      readonly kind: "weekly";
      readonly days: readonly Weekday[];
      readonly from: ClockTime;
      readonly forMs: DurationMs;
    }
  /** Five fields, as croner reads them. */
  | { readonly kind: "cron"; readonly expression: string; readonly forMs: DurationMs }
  /** RFC 5545: local start, RRULE without its name, EXDATE and RDATE as local date-times. */
  | {
      readonly kind: "rrule";
      readonly start: LocalDateTime;
      readonly rule: string;
      readonly except: readonly LocalDateTime[];
      readonly also: readonly LocalDateTime[];
      readonly forMs: DurationMs;
    }
  /** Whole days of the month, both inclusive; `28` to `3` goes across the month's end. In a month
   * without the first day it begins with the next month. */
  | { readonly kind: "monthDays"; readonly first: number; readonly last: number }
  /** As Alertmanager's time intervals: a moment is in it when every part that is given has a range
   * that holds it. Times of day are exclusive at their end, all else is inclusive; days of the
   * month count from the end where they are negative. */
  | {
      readonly kind: "interval";
      readonly times: readonly { readonly from: ClockTime; readonly to: ClockTime }[];
      readonly weekdays: readonly NumberRange[];
      readonly daysOfMonth: readonly NumberRange[];
      readonly months: readonly NumberRange[];
      readonly years: readonly NumberRange[];
    }
  /** Whole days, as a calendar of holidays gives them; `last` is inclusive. */
  | {
      readonly kind: "days";
      readonly days: readonly {
        readonly first: LocalDate;
        readonly last: LocalDate;
        readonly name: string;
      }[];
    }
  | { readonly kind: "once"; readonly from: Instant; readonly to: Instant }
);

/** 1 is Monday, as ISO 8601 and Temporal count. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** `10:00`; `24:00` as an end. */
export type ClockTime = string;
/** `2026-12-24` */
export type LocalDate = string;
/** `2026-12-24T10:00` */
export type LocalDateTime = string;
/** Both inclusive. */
export type NumberRange = { readonly first: number; readonly last: number };

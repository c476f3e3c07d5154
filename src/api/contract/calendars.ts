// Calendars: what they say now, when they open next, and whether a lane may be deployed to at a
// moment.

import type { Reason } from "../../core/reason.ts";
import type { Answer } from "./gates.ts";
import type { LocalMoment } from "./local-moment.ts";

export type CalendarList = { readonly calendars: readonly CalendarBrief[] };

export interface CalendarBrief {
  readonly name: string;
  readonly zone: string;
  readonly open: boolean;
  /** When that changes; null: not within five years. */
  readonly until: LocalMoment | null;
  /** Where runs ask it: `environment production`, `playbook web-canary`. */
  readonly askedBy: readonly string[];
}

export interface CalendarQuery {
  /** RFC 3339; now where nothing is said. */
  readonly from?: string | undefined;
  /** Periods, 1 to 100; ten where nothing is said. */
  readonly count?: number | undefined;
}

export interface CalendarView extends CalendarBrief {
  /** What allows and what denies, as written; deny wins. Nothing allows: open unless denied. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** Runs that wait for it begin within this time after it opens. */
  readonly spreadMs: number;
  readonly reasons: readonly Reason[];
  /** The next open ones. */
  readonly periods: readonly PeriodView[];
}

export interface PeriodView {
  readonly from: LocalMoment;
  /** Exclusive; null: it never closes. */
  readonly to: LocalMoment | null;
}

export interface MayDeployQuery {
  /** RFC 3339; now where nothing is said. */
  readonly at?: string | undefined;
}

/** May a run begin there then, by windows and freezes alone; and if not, when. */
export interface MayDeployView {
  readonly service: string;
  readonly environment: string;
  readonly at: LocalMoment;
  readonly answer: Answer;
  readonly rules: readonly TimeRuleView[];
  /** The first moment from `at` on at which all of them allow it; null: not within five years, or
   * only when somebody ends a freeze. */
  readonly next: LocalMoment | null;
  /** The rollout whose days each release has to keep to as well, which are not asked here: they
   * count from its first one. Undefined: none. */
  readonly rollout?: string | undefined;
  /** Who may begin there all the same, with a reason; empty: nobody. */
  readonly emergency: readonly string[];
}

export interface TimeRuleView {
  readonly id: string;
  readonly text: string;
  readonly zone: string;
  readonly answer: Answer;
  readonly until: LocalMoment | null;
  readonly reasons: readonly Reason[];
}

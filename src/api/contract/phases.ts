// A release's way over its environments day by day, as it stands.

import type { Phase } from "../../core/rollout/rollout.ts";
import type { PhaseState } from "../../core/rollout/timeline.ts";
import type { LocalMoment } from "./local-moment.ts";

export type { PhaseState };

export interface PhasesQuery {
  /** `service@version`; without it the newest. */
  readonly release?: string | undefined;
}

export interface PhasesView {
  readonly service: string;
  /** Null: there is none yet. */
  readonly release: string | null;
  readonly rollout: string;
  readonly zone: string;
  readonly phases: readonly PhaseView[];
}

export interface PhaseView extends Pick<
  Phase,
  "type" | "risk" | "downtime" | "rollback" | "late" | "deploy" | "inform"
> {
  readonly environment: string;
  /** `3-4`. */
  readonly days: string;
  readonly state: PhaseState;
  readonly verifiedAt: LocalMoment | null;
  /** The run of it that is under way, or waits for its day. */
  readonly run: string | null;
  /** Null: any day, or day 1 has not been yet. */
  readonly opens: LocalMoment | null;
  /** Exclusive. */
  readonly closes: LocalMoment | null;
  /** False: days may still move, since the phase before it is not verified. */
  readonly certain: boolean;
  /** Its calendar. */
  readonly window: string | null;
  readonly approval: { readonly needed: number; readonly from: readonly string[] } | null;
}

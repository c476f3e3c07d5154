// Every service in every environment, as it is now.

import type { Instant } from "../../core/ids.ts";
import type { SlotName } from "../../core/lane.ts";
import type { Outcome } from "../../core/run.ts";
import type { OpenChecklist } from "./checklists.ts";
import type { GateView } from "./gates.ts";
import type { PhasesView } from "./phases.ts";
import type { RunBrief } from "./runs.ts";
import type { FreezeView, ReviewView } from "./standing.ts";

export interface LanesQuery {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

export interface LaneList {
  readonly lanes: readonly LaneView[];
  /** Of services that follow a rollout, for their newest release. */
  readonly phases?: readonly PhasesView[] | undefined;
}

export interface LaneView {
  readonly service: string;
  readonly environment: string;
  readonly stable: {
    readonly release: string;
    readonly slot: SlotName;
    readonly since: Instant | null;
  } | null;
  /** Releases verified here, newest first. */
  readonly knownGood: readonly { readonly release: string; readonly at: Instant }[];
  readonly run: LaneRun | null;
  /** Runs that wait for the active one. */
  readonly queued: number;
  /** How the last settled run ended; null: there was none. */
  readonly last: {
    readonly run: string;
    readonly release: string;
    readonly outcome: Outcome;
    readonly at: Instant;
  } | null;
  /** In force here, or still to come. */
  readonly freezes: readonly FreezeView[];
  /** Still to be done. */
  readonly reviews: readonly ReviewView[];
  /** Checklists of releases that have succeeded, still open. */
  readonly followUps?: readonly OpenChecklist[] | undefined;
  readonly seen: LaneSeen;
}

export type LaneRun = RunBrief & {
  readonly reason: string | null;
  /** The gate that it stands at; null: at none. */
  readonly gate: GateView | null;
  /** Of a train: how many of its members have settled. Absent: it is none. */
  readonly train?: { readonly settled: number; readonly all: number } | undefined;
};

/** What target and router say now. */
export type LaneSeen =
  | {
      readonly kind: "seen";
      /** By slot: instances ready of instances wanted, share of the traffic in thousandths. */
      readonly slots: Readonly<
        Record<
          SlotName,
          { readonly ready: number; readonly wanted: number; readonly weight: number }
        >
      >;
      readonly restarts: number;
      /** Why instances are not ready or nothing is served, as far as that is known; absent: no
       * reason is. */
      readonly trouble?: readonly string[] | undefined;
    }
  /** A train's: nothing of its own runs there. */
  | { readonly kind: "none" }
  | { readonly kind: "unseen"; readonly why: string };

// A release's way through its phases as it stands: what was verified when, what is under way, what
// comes on which day. Days that nobody can know yet are told by what is planned.

import type { Instant, ReleaseId, RunId, ServiceName } from "../ids.ts";
import type { Lane } from "../lane.ts";
import type { EnvironmentDefinition } from "../playbook.ts";
import { periodOf, startOfDay } from "./phase-period.ts";
import type { Period, Verified } from "./phase-period.ts";
import { sourceOf } from "./phase-rules.ts";
import type { Phase, Rollout } from "./rollout.ts";

/** Only environments where it is known good now. */
export const verifiedAmong = (
  lanes: readonly Lane[],
  service: ServiceName,
  release: ReleaseId,
): readonly Verified[] =>
  lanes
    .filter((lane) => lane.service === service)
    .flatMap(({ environment, knownGood }) => {
      const good = knownGood.find((one) => one.release === release);
      return good === undefined ? [] : [{ environment, at: good.at }];
    });

/** `ahead`: its day has not come, or the phase before it is not verified. `late`: its last day is
 * over and it was not. */
export type PhaseState = "verified" | "underWay" | "open" | "late" | "ahead";

export interface PhaseStanding {
  readonly phase: Phase;
  readonly state: PhaseState;
  readonly verifiedAt: Instant | null;
  /** The run of it that is not settled; null: none is. */
  readonly run: RunId | null;
  /** Null: the first phase may begin on any day, or nobody knows which day is day 1. */
  readonly period: Period | null;
  /** False: the phase before it is not verified, so its days may still move. */
  readonly certain: boolean;
}

export interface TimelineInput {
  readonly rollout: Rollout;
  readonly environments: readonly EnvironmentDefinition[];
  readonly verified: readonly Verified[];
  /** Unsettled runs of the release. */
  readonly runs: readonly {
    readonly id: RunId;
    readonly environment: Verified["environment"];
  }[];
  readonly now: Instant;
}

/** In the order of the phases. */
export const timelineOf = (input: TimelineInput): readonly PhaseStanding[] =>
  input.rollout.phases.map((phase) => standingOf(phase, input));

const standingOf = (phase: Phase, input: TimelineInput): PhaseStanding => {
  const { rollout, environments, verified, runs, now } = input;
  const { environment } = phase;
  const at = verified.find((one) => one.environment === environment)?.at ?? null;
  const run = runs.find((one) => one.environment === environment)?.id ?? null;
  const takes = environments.find(({ name }) => name === environment)?.takes ?? null;
  const source = takes === null ? null : sourceOf(rollout, takes);
  const period = source === null ? null : periodOf(rollout, phase, source, verified);
  const certain = source === null || period !== null;
  const state = ((): PhaseState => {
    if (at !== null) return "verified";
    if (period !== null && now >= period.closes) return "late";
    if (run !== null && (period === null || now >= period.opens)) return "underWay";
    if (!certain) return "ahead";
    return period === null || now >= period.opens ? "open" : "ahead";
  })();
  return {
    phase,
    state,
    verifiedAt: at,
    run,
    period: period ?? (source === null ? null : plannedPeriod(rollout, phase, verified)),
    certain,
  };
};

/** As it would be without anything slipping. */
const plannedPeriod = (
  { phases, zone }: Rollout,
  { days }: Phase,
  verified: readonly Verified[],
): Period | null => {
  const first = verified.find(({ environment }) => environment === phases[0]?.environment);
  if (first === undefined) return null;
  const opens = startOfDay(first.at, days.first - 1, zone);
  return { opens, closes: startOfDay(opens, days.last - days.first + 1, zone) };
};

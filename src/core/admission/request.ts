// What admission looks at, and the few questions that several rules ask of it.

import type { EffectRecord } from "../effect.ts";
import type { FirstSeen } from "../evidence/evidence.ts";
import type { Fact } from "../fact.ts";
import type { EnvironmentName, Instant } from "../ids.ts";
import type { Run } from "../run.ts";
import { concerns } from "../standing-scope.ts";
import type { Standing, StandingBody } from "../standing.ts";
import type { GateRule, RuleResult } from "./rule.ts";
import type { Sorted } from "./sorted.ts";

export interface AdmissionRequest {
  /** The gate's id: approvals and ticks name it. */
  readonly step: string;
  readonly rules: readonly GateRule[];
  readonly run: Run;
  /** Of this run, oldest first. */
  readonly facts: readonly Fact[];
  /** Oldest first. */
  readonly standing: readonly Standing[];
  /** Where the release is known good now. */
  readonly verifiedIn: readonly EnvironmentName[];
  /** Of the release's findings; what is missing has no known age, and is late. */
  readonly firstSeen?: readonly FirstSeen[] | undefined;
  /** Once effects of this run, oldest first. */
  readonly effects: readonly EffectRecord[];
  /** When the gate was reached. */
  readonly since: Instant;
  /** The same facts, sorted; where it is missing, each rule looks through them by itself. */
  readonly sorted?: Sorted;
}

export type StandingOf<K extends StandingBody["kind"]> = Standing & {
  readonly body: Extract<StandingBody, { kind: K }>;
};

/** Standing facts of a kind that are about this run, whether in force or not. */
export const concerning = <K extends StandingBody["kind"]>(
  { run, standing, sorted }: Pick<AdmissionRequest, "run" | "standing" | "sorted">,
  kind: K,
): readonly StandingOf<K>[] => {
  if (sorted !== undefined) return (sorted.standing.get(kind) ?? []) as readonly StandingOf<K>[];
  return standing.filter(
    (one): one is StandingOf<K> =>
      one.body.kind === kind && concerns(one, run, run.plan.release.id),
  );
};

/** Break-glass, as long as it lasts: afterwards it is a run like any other. */
export const emergencyLasts = ({ origin }: Run, at: Instant): boolean =>
  origin.emergency !== null && at < origin.emergency.until;

/** When something standing begins to be in force, and when it ceases to be. */
export const boundaries = (standing: readonly Standing[]): readonly Instant[] => {
  const times: Instant[] = [];
  for (const { from, until, ended } of standing) {
    times.push(from);
    if (until !== null) times.push(until);
    if (ended !== null) times.push(ended.at);
  }
  return times;
};

/** What a rule says of one moment. */
export type Judgement = Pick<RuleResult, "kind" | "reasons">;

/** The judgement of now, and the first of these times at which it would be of another kind. */
export const judgedOver = (
  rule: string,
  now: Instant,
  times: readonly Instant[],
  judge: (at: Instant) => Judgement,
): RuleResult => {
  const { kind, reasons } = judge(now);
  // Most are over, and those of a hundred rules are many.
  const ahead = times.filter((at) => at > now);
  if (ahead.length === 0) return { rule, kind, until: null, reasons };
  const inOrder = [...new Set(ahead)].toSorted((a, b) => a - b);
  return { rule, kind, until: inOrder.find((at) => judge(at).kind !== kind) ?? null, reasons };
};

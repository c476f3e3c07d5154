// What admission looks at, and the few questions that several rules ask of it.

import type { EffectRecord } from "../effect.ts";
import type { Fact } from "../fact.ts";
import type { EnvironmentName, Instant } from "../ids.ts";
import type { Run } from "../run.ts";
import { concerns } from "../standing-scope.ts";
import type { Standing, StandingBody } from "../standing.ts";
import type { GateRule, RuleResult } from "./rule.ts";

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
  /** Once effects of this run, oldest first. */
  readonly effects: readonly EffectRecord[];
  /** When the gate was reached. */
  readonly since: Instant;
}

export type StandingOf<K extends StandingBody["kind"]> = Standing & {
  readonly body: Extract<StandingBody, { kind: K }>;
};

/** Standing facts of a kind that are about this run, whether in force or not. */
export const concerning = <K extends StandingBody["kind"]>(
  { run, standing }: Pick<AdmissionRequest, "run" | "standing">,
  kind: K,
): readonly StandingOf<K>[] =>
  standing.filter(
    (one): one is StandingOf<K> =>
      one.body.kind === kind && concerns(one, run, run.plan.release.id),
  );

/** Break-glass, as long as it lasts: afterwards it is a run like any other. */
export const emergencyLasts = ({ origin }: Run, at: Instant): boolean =>
  origin.emergency !== null && at < origin.emergency.until;

/** When something standing begins to be in force, and when it ceases to be. */
export const boundaries = (standing: readonly Standing[]): readonly Instant[] =>
  standing.flatMap(({ from, until, ended }) => [
    from,
    ...(until === null ? [] : [until]),
    ...(ended === null ? [] : [ended.at]),
  ]);

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
  const ahead = [...new Set(times.filter((at) => at > now))].toSorted((a, b) => a - b);
  return { rule, kind, until: ahead.find((at) => judge(at).kind !== kind) ?? null, reasons };
};

// What was said of something other than one run: evidence of a release, a freeze of an environment,
// a person's absence. It holds from a time until a time, or until somebody ends it.

import type { Checklist } from "./admission/rule.ts";
import type { Evidence } from "./evidence/evidence.ts";
import type { Actor, EnvironmentName, Instant, ReleaseId, RunId, ServiceName } from "./ids.ts";

export type StandingBody =
  | { readonly kind: "evidence"; readonly evidence: Evidence }
  /** `what`: a finding's id, or a value's name. */
  | {
      readonly kind: "waiver";
      readonly what: string;
      readonly reason: string;
      readonly owner: Actor;
    }
  | { readonly kind: "freeze"; readonly reason: string }
  /** Whoever said it is away; `to` approves in their place. */
  | { readonly kind: "delegation"; readonly to: Actor; readonly reason: string }
  /** A ticket of change management. */
  | {
      readonly kind: "changeRecord";
      readonly id: string;
      readonly state: "open" | "approved" | "rejected";
      readonly url: string | null;
    }
  /** What has to be looked at afterwards, since it went by without being asked before. */
  | { readonly kind: "review"; readonly run: RunId; readonly reason: string }
  /** A checklist that is still to be done although its run holds nobody up; ticks are facts of the
   * run. Ended: all of it was seen to, or somebody gave it up. */
  | { readonly kind: "followUp"; readonly run: RunId; readonly checklist: Checklist }
  /** An item of a follow-up is late, and that was told under this id. */
  | { readonly kind: "overdue"; readonly run: RunId; readonly told: string };

export interface Standing {
  /** Grows without end. */
  readonly seq: number;
  readonly by: Actor;
  readonly at: Instant;
  /** In force from here … */
  readonly from: Instant;
  /** … until here, exclusive; null: until somebody ends it. */
  readonly until: Instant | null;
  /** What it is about: each null means any. */
  readonly release: ReleaseId | null;
  readonly service: ServiceName | null;
  readonly environment: EnvironmentName | null;
  readonly ended: { readonly by: Actor; readonly at: Instant; readonly reason: string } | null;
  readonly body: StandingBody;
}

/** Those of a kind that are in force at a moment. */
export const inForce = <K extends StandingBody["kind"]>(
  standing: readonly Standing[],
  kind: K,
  at: Instant,
): readonly (Standing & { readonly body: Extract<StandingBody, { kind: K }> })[] =>
  standing.filter(
    (one): one is Standing & { readonly body: Extract<StandingBody, { kind: K }> } =>
      one.body.kind === kind &&
      one.from <= at &&
      (one.until === null || at < one.until) &&
      (one.ended === null || at < one.ended.at),
  );

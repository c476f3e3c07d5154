// What was said, sorted once for all the rules of a gate: a hundred of them look for the same few
// words in the same lists. It changes no answer, only how long it takes.

import type { EvidenceSight } from "../evidence/verdict.ts";
import type { Fact } from "../fact.ts";
import type { Actor, Instant } from "../ids.ts";
import type { Run } from "../run.ts";
import { concerns } from "../standing-scope.ts";
import type { Standing, StandingBody } from "../standing.ts";
import type { Approval } from "./places.ts";

export type Tick = Extract<Fact, { kind: "tick" }>;

/** Of one gate of one run. */
export interface Sorted {
  /** Only those about the run, in their order. */
  readonly standing: ReadonlyMap<StandingBody["kind"], readonly Standing[]>;
  /** The newest word on the run's plan of each person. */
  readonly newest: ReadonlyMap<Actor, Approval>;
  /** Ticks of each item, in their order. */
  readonly ticks: ReadonlyMap<string, readonly Tick[]>;
  /** Not pure: what was worked out for one rule is put here for the next. */
  readonly sights: Map<Instant, EvidenceSight>;
  /** The same, of when evidence may change by itself. */
  times: readonly Instant[] | null;
}

interface Said {
  readonly step: string;
  readonly run: Run;
  readonly facts: readonly Fact[];
  readonly standing: readonly Standing[];
}

export const sorted = ({ step, run, facts, standing }: Said): Sorted => {
  const newest = new Map<Actor, Approval>();
  const ticks = new Map<string, Tick[]>();
  for (const fact of facts) {
    if (fact.kind === "approval" && isOnPlan(fact, step, run)) newest.set(fact.by, fact);
    if (fact.kind === "tick" && fact.step === step) push(ticks, fact.item, fact);
  }
  const kinds = new Map<StandingBody["kind"], Standing[]>();
  const release = run.plan.release.id;
  for (const one of standing) if (concerns(one, run, release)) push(kinds, one.body.kind, one);
  return { standing: kinds, newest, ticks, sights: new Map(), times: null };
};

/** Said at this gate, of this very plan. */
const isOnPlan = (fact: Approval, step: string, run: Run): boolean =>
  fact.step === step && fact.planHash === run.plan.hash;

const push = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
};

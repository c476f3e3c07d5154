// Standing facts for people: what is frozen, waived, delegated, to be reviewed. Who and when come
// from the fact, the rest from what it says.

import type { StandingOf } from "../core/admission/request.ts";
import type { LaneKey } from "../core/lane.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { ChangeView, ReportView, WaiverView } from "./contract/evidence.ts";
import type { DelegationView, FreezeView, ReviewView } from "./contract/standing.ts";

/** Those of one kind, in the order given. */
export const ofKind = <K extends StandingBody["kind"]>(
  facts: readonly Standing[],
  kind: K,
): readonly StandingOf<K>[] =>
  facts.filter((fact): fact is StandingOf<K> => fact.body.kind === kind);

/** The one that an operation just returned. Throws where it is of another kind: a defect. */
export const theOne = <K extends StandingBody["kind"]>(fact: Standing, kind: K): StandingOf<K> => {
  const [one] = ofKind([fact], kind);
  if (one === undefined) throw new Error(`fact ${fact.seq} is ${fact.body.kind}, not ${kind}`);
  return one;
};

/** Said of this lane, or of something that it is part of. */
export const isAbout = (fact: Pick<Standing, "service" | "environment">, lane: LaneKey): boolean =>
  (fact.service === null || fact.service === lane.service) &&
  (fact.environment === null || fact.environment === lane.environment);

export const freezeView = (fact: StandingOf<"freeze">): FreezeView => ({
  id: fact.seq,
  service: fact.service,
  environment: fact.environment,
  reason: fact.body.reason,
  by: fact.by,
  at: fact.at,
  from: fact.from,
  until: fact.until,
  ended: fact.ended,
});

export const delegationView = (fact: StandingOf<"delegation">): DelegationView => ({
  id: fact.seq,
  by: fact.by,
  to: fact.body.to,
  reason: fact.body.reason,
  from: fact.from,
  until: fact.until,
});

export const reviewView = (fact: StandingOf<"review">): ReviewView => ({
  id: fact.seq,
  run: fact.body.run,
  service: fact.service,
  environment: fact.environment,
  release: fact.release,
  reason: fact.body.reason,
  by: fact.by,
  at: fact.at,
  done:
    fact.ended === null ? null : { by: fact.ended.by, at: fact.ended.at, text: fact.ended.reason },
});

export const reportView = ({ seq, by, at, body }: StandingOf<"evidence">): ReportView => ({
  id: seq,
  name: body.evidence.name,
  format: body.evidence.format,
  digest: body.evidence.digest,
  by,
  at,
  values: body.evidence.values,
  findings: body.evidence.findings,
});

export const waiverView = ({ seq, by, at, until, body }: StandingOf<"waiver">): WaiverView => ({
  id: seq,
  what: body.what,
  reason: body.reason,
  owner: body.owner,
  by,
  at,
  until,
});

export const changeView = ({ by, at, body }: StandingOf<"changeRecord">): ChangeView => ({
  id: body.id,
  state: body.state,
  url: body.url,
  by,
  at,
});

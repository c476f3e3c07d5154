// What people say of more than one run: absences, reviews of what went by unasked, and what they
// take back of it.

import * as z from "zod";
import { assertNever } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { moment, person, reason, tickText } from "../input.ts";
import type { ApiParts } from "../parts.ts";
import { requireOrder, standingNow } from "../standing-reading.ts";
import { delegationView, ofKind, reviewView, theOne } from "../standing-views.ts";
import type { Standing } from "../../core/standing.ts";
import type { WithdrawnView } from "../contract/standing.ts";

export const delegate = handler(ROUTES.delegate, {
  summary: "Have somebody else approve while you are away",
  body: z.strictObject({ to: person, reason, from: moment.nullable(), until: moment }),
  replies: "DelegationView",
  handle: async ({ body, by, parts }) => {
    if (body.to === by) {
      throw new Refusal({ code: "bad-request", message: "to whom else?", where: "body.to" });
    }
    requireOrder(body, parts.world.now());
    return delegationView(theOne(await parts.operations.delegate({ ...body, by }), "delegation"));
  },
});

export const delegations = handler(ROUTES.delegations, {
  summary: "Who stands in for whom, now or later",
  replies: "DelegationList",
  handle: async ({ parts }) => ({
    delegations: ofKind(await standingNow(parts, "delegation"), "delegation").map(delegationView),
  }),
});

const WITHDRAWN = ["evidence", "waiver", "delegation", "followUp"] as const;

export const withdraw = handler(ROUTES.withdraw, {
  summary: "Take back a report, a waiver or a delegation, or give up an open checklist",
  body: z.strictObject({ reason }),
  replies: "WithdrawnView",
  handle: async ({ params, body, by, parts }) => {
    const seq = params.standing;
    const kind = await kindOf(parts, seq);
    const request = { kind, seq, reason: body.reason, by };
    return withdrawn(await parts.operations.endStanding(request), kind, body.reason);
  },
});

/** Numbers are of one row, whatever they are of. */
const kindOf = async (parts: ApiParts, seq: number): Promise<WithdrawnView["kind"]> => {
  for (const kind of WITHDRAWN) {
    const found = await standingNow(parts, kind);
    if (found.some((fact) => fact.seq === seq)) return kind;
  }
  throw new Refusal({
    code: "unknown-standing",
    message: `no report, waiver, delegation or open checklist has the number ${seq}`,
    hint: "a freeze is ended with sluice unfreeze, a review with sluice review",
  });
};

const withdrawn = (fact: Standing, kind: WithdrawnView["kind"], why: string): WithdrawnView => ({
  id: fact.seq,
  kind,
  what: whatOf(fact),
  by: fact.ended?.by ?? fact.by,
  reason: fact.ended?.reason ?? why,
});

const whatOf = ({ body, by, release }: Standing): string => {
  switch (body.kind) {
    case "evidence":
      return `${body.evidence.name} of ${release ?? "no release"}`;
    case "waiver":
      return `${body.what} in ${release ?? "every release"}`;
    case "delegation":
      return `${body.to} for ${by}`;
    case "followUp":
      return `${body.checklist.name} of run ${body.run}`;
    case "freeze":
    case "changeRecord":
    case "review":
    case "overdue":
      return body.kind;
    default:
      return assertNever(body);
  }
};

export const reviews = handler(ROUTES.reviews, {
  summary: "What went by unasked and is still to be looked at",
  replies: "ReviewList",
  handle: async ({ parts }) => ({
    reviews: ofKind(await standingNow(parts, "review"), "review").map(reviewView),
  }),
});

export const reviewDone = handler(ROUTES.reviewDone, {
  summary: "Say what a review found",
  body: z.strictObject({ text: tickText.min(1, "must say something") }),
  replies: "ReviewView",
  handle: async ({ params, body, by, parts }) => {
    const { text } = body;
    const done = await parts.operations.reviewDone({ seq: params.standing, text, by });
    return reviewView(theOne(done, "review"));
  },
});

// Standing facts of the API's tests: said, ended and listed in an array, as the shell would.

import type { Actor, Digest } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Standing } from "../core/standing.ts";
import type { StandingOperations } from "./operations.ts";
import { NOW } from "./sample-plan.testing.ts";

/** Said now, of anything, until somebody ends it. */
export const said = (body: Standing["body"], more: Partial<Standing> = {}): Standing => ({
  seq: 1,
  by: "alice" as Actor,
  at: NOW,
  from: NOW,
  until: null,
  release: null,
  service: null,
  environment: null,
  ended: null,
  body,
  ...more,
});

/** Each records what it was asked for and gives a fact as the shell would. */
export const standingOperations = (
  standing: Standing[],
  asked: { what: string; with: unknown }[],
): StandingOperations => {
  const say = (what: string, request: { readonly by: Actor }, fact: Standing): Standing => {
    asked.push({ what, with: request });
    const added = { ...fact, by: request.by, seq: standing.length + 1 };
    standing.push(added);
    return added;
  };
  const end = (request: { readonly by: Actor; readonly seq: number }, reason: string) => {
    const found = standing.find((fact) => fact.seq === request.seq);
    if (found === undefined)
      throw new Refusal({ code: "unknown-freeze", message: "there is none" });
    return { ...found, ended: { by: request.by, at: NOW, reason } };
  };
  return {
    tickFollowUp: async (request) => {
      asked.push({ what: "tickFollowUp", with: request });
    },
    addEvidence: async (request) => {
      const { release: id, name, bytes } = request;
      const evidence = {
        format: "values",
        name,
        digest: `sha256:${"e".repeat(64)}` as Digest,
        values: { bytes: { unit: "count", value: bytes.length } },
        findings: [],
      } as const;
      return say("addEvidence", request, said({ kind: "evidence", evidence }, { release: id }));
    },
    waive: async (request) => {
      const { release: id, until, what, reason, owner } = request;
      const body = { kind: "waiver", what, reason, owner } as const;
      return say("waive", request, said(body, { release: id, until }));
    },
    recordChange: async (request) => {
      const { release: on, id, state, url } = request;
      return say(
        "recordChange",
        request,
        said({ kind: "changeRecord", id, state, url }, { release: on }),
      );
    },
    freeze: async (request) => {
      const { reason, service, environment, from, until } = request;
      const about = { service, environment, from: from ?? NOW, until };
      return say("freeze", request, said({ kind: "freeze", reason }, about));
    },
    delegate: async (request) => {
      const { to, reason, from, until } = request;
      return say(
        "delegate",
        request,
        said({ kind: "delegation", to, reason }, { from: from ?? NOW, until }),
      );
    },
    endStanding: async (request) => end(request, request.reason),
    reviewDone: async (request) => end(request, request.text),
    listStanding: async ({ kind }) =>
      standing.filter(({ body }) => kind === null || body.kind === kind).toReversed(),
  };
};

// The Router port over the embedded router. What is decided here: which of its answers is which
// outcome of an effect.

import { z } from "zod";

import type { EffectOutcome } from "../../core/effect.ts";
import type { RouterState } from "../../core/snapshot.ts";
import type { Layout } from "../../layout/layout.ts";
import type { Router } from "../../ports/router.ts";
import { type Answer, NoAnswer, routePath, routerClient } from "./client.ts";

const bySlot = z.object({ blue: z.number().int(), green: z.number().int() });
const stateSchema = z.object({
  generation: z.number().int(),
  weights: bySlot,
  usable: bySlot,
  listenError: z.string().nullable().optional(),
});
const problemSchema = z.object({ code: z.string(), message: z.string() });

type Problem = z.infer<typeof problemSchema>;

/** When the router is not there, it is being started again. */
const AWAY_MS = 500;
/** When its disk is full, somebody must make room first. */
const DISK_MS = 5_000;

const NOTHING: RouterState = {
  generation: 0,
  weights: { blue: 0, green: 0 },
  endpoints: { blue: 0, green: 0 },
};

export const embeddedRouter = (layout: Layout): Router => {
  const ask = routerClient(layout);
  return {
    observe: async (lane, signal) => {
      const answer = await ask({ method: "GET", path: routePath(lane), signal });
      if (answer.status === 404) return NOTHING;
      if (answer.status !== 200) throw new Error(`the router: ${problemOf(answer).message}`);
      const { generation, weights, usable, listenError } = stateSchema.parse(answer.json);
      const state = { generation, weights, endpoints: usable };
      return listenError == null ? state : { ...state, trouble: listenError };
    },
    route: async (key, weights, route, signal) => {
      const body = { generation: key.generation, weights, ...route };
      try {
        return outcomeOf(await ask({ method: "PUT", path: routePath(key), body, signal }));
      } catch (error) {
        return outcomeOfError(error);
      }
    },
  };
};

const outcomeOf = (answer: Answer): EffectOutcome => {
  if (answer.status === 200) return { kind: "applied", detail: null };
  const { code, message } = problemOf(answer);
  const why = `the router: ${message}`;
  switch (answer.status) {
    case 400:
    case 409:
    case 413:
      return { kind: "refused", code, why };
    case 422:
      return { kind: "stalled", why };
    case 507:
      return { kind: "retry", afterMs: DISK_MS, why };
    default:
      return { kind: "unknown", why };
  }
};

const outcomeOfError = (error: unknown): EffectOutcome => {
  if (!(error instanceof NoAnswer)) throw error;
  if (error.sent) return { kind: "unknown", why: error.message };
  return { kind: "retry", afterMs: AWAY_MS, why: error.message };
};

const problemOf = ({ status, json }: Answer): Problem => {
  const problem = problemSchema.safeParse(json);
  return problem.data ?? { code: "unexpected-answer", message: `status ${status}` };
};

// The Target port over the keeper. The one place where what went wrong on the way to the keeper
// becomes an EffectOutcome.

import type { EffectOutcome } from "../../core/effect.ts";
import type { Layout } from "../../layout/layout.ts";
import type { Target } from "../../ports/target.ts";
import { KeeperSaidNo, keeperClient } from "./client.ts";
import { NoAnswer } from "./unix-http.ts";

/** A keeper that was killed is back within this time. */
const RETRY_AFTER_MS = 500;

export const processTarget = (layout: Layout): Target => {
  const keeper = keeperClient(layout);
  return {
    observe: (lane, signal) => keeper.state(lane, signal),
    apply: async (key, spec, signal) => {
      try {
        await keeper.order(key, spec, signal);
        return { kind: "applied", detail: null };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
};

const outcomeOf = (error: unknown): EffectOutcome => {
  if (error instanceof NoAnswer) {
    const why = `the keeper: ${error.message}`;
    return error.sent ? { kind: "unknown", why } : { kind: "retry", afterMs: RETRY_AFTER_MS, why };
  }
  if (error instanceof KeeperSaidNo) {
    const { code, message } = error.problem;
    if (error.status === 409 || error.status === 400)
      return { kind: "refused", code, why: message };
    if (error.status === 503) return { kind: "retry", afterMs: RETRY_AFTER_MS, why: message };
    return { kind: "stalled", why: `the keeper: ${message}` };
  }
  throw error;
};

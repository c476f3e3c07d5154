// What follows when whoever carried out a once effect fell silent, or nobody waits for it anymore.

import { assertNever } from "./ids.ts";
import type { EffectOutcome, OnceEffect } from "./effect.ts";

/** Telling somebody twice is better than not at all, and what was begun already is not again;
 * a task says for itself. */
export const mayRepeat = (body: OnceEffect): boolean => {
  switch (body.kind) {
    case "task":
      return body.repeatable;
    case "notify":
    case "promote":
    case "member":
    case "followUp":
      return true;
    default:
      return assertNever(body);
  }
};

export const lostOutcome = (): EffectOutcome => ({
  kind: "unknown",
  why: "the process that carried it out fell silent before it said what came of it",
});

/** It may have been begun before. */
export const calledOffOutcome = (): EffectOutcome => ({
  kind: "unknown",
  why: "called off before it was tried once more: the run went on without it",
});

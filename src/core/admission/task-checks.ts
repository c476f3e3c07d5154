// Which tasks of checklists are to be begun now: each once when its gate is reached, again when
// somebody who may ticks the item anew, and again where an attempt was lost.

import type { OnceEffect } from "../effect.ts";
import { attemptsOf, checkKey } from "./item-checks.ts";
import type { AdmissionRequest } from "./request.ts";
import type { ChecklistItem } from "./rule.ts";
import { newestTick, objection, ticksOf } from "./ticks.ts";

/** So often an attempt of which nobody knows what it found is made again unasked. */
const LOST_AGAIN = 2;

type TaskCheck = Pick<
  Extract<OnceEffect, { kind: "task" }>,
  "step" | "attempt" | "task" | "deadlineMs"
>;

export const checksToBegin = (request: AdmissionRequest): readonly TaskCheck[] =>
  request.rules
    .flatMap((rule) => (rule.kind === "checklist" ? rule.checklist.items : []))
    .flatMap((item) => {
      const attempt = nextAttempt(item, request);
      if (item.check?.kind !== "task" || attempt === null) return [];
      const { task, deadlineMs } = item.check;
      return [{ step: checkKey(request.step, item.id), attempt, task, deadlineMs }];
    });

/** Null: none is to be begun. */
const nextAttempt = (item: ChecklistItem, request: AdmissionRequest): number | null => {
  const attempts = attemptsOf(item.id, request);
  const last = attempts.at(-1);
  const word = newestTick(item, request)?.verdict ?? "done";
  if (word !== "done" || (last !== undefined && last.outcome === null)) return null;
  if (last?.outcome?.kind === "applied") return null;
  const asked = ticksOf(item, request).filter(
    (tick) => tick.verdict === "done" && objection(item, tick) === null,
  );
  const lost = attempts.filter(
    ({ outcome }) => outcome?.kind === "unknown" || outcome?.kind === "retry",
  );
  const allowed = 1 + asked.length + Math.min(lost.length, LOST_AGAIN);
  return attempts.length < allowed ? attempts.length + 1 : null;
};

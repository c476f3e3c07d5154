// The first release that is good in a lane may have found another one serving, left by a run that
// came to no good end. No step of its plan knows of that slot: it goes once nothing needs it.

import { say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { moving } from "./moving.ts";
import { order } from "./order.ts";
import type { RetireStep } from "./step.ts";
import { lookAtRetire } from "./steps/retire.ts";

const LEFT: RetireStep = {
  kind: "retire",
  id: "retire-left",
  title: "take down what served before, and was never verified",
  role: "stable",
  afterMs: 0,
};

/** Null: nothing was left, or it is gone. */
export const takeDownLeft = (draft: Draft): Draft | null => {
  const { run, snapshot, now } = draft;
  const { slots, settled, plan } = run;
  const found = plan.from === null && slots !== null && slots.stable !== null;
  if (!found || slots.stable === slots.candidate || settled?.outcome !== "succeeded") return null;
  const result = lookAtRetire(LEFT, { run, snapshot, now, progress: moving(draft) });
  if (result.kind !== "wait") return null;
  const waiting = wake(say(draft, ...result.reasons), result.until);
  const { effects = [], reasons } = result;
  return order(waiting, { effects, reasons, event: "step.acted", step: LEFT.id });
};

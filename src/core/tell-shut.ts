// A run that waits for a window that never comes: whoever the playbook tells is told, once for each
// time that it comes to wait so, since nobody would look at a run that waits as runs do.

import { NEVER_CODES } from "./calendar/never-open.ts";
import { happen, notify } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { Arrival } from "./travel.ts";
import { moving, stepsOf } from "./moving.ts";
import type { Reason } from "./reason.ts";

export const tellShut = (before: Draft, arrival: Arrival): Arrival => {
  if (arrival.kind !== "waiting") return arrival;
  const { draft } = arrival;
  const shut = draft.reasons.filter(isShut);
  const [first] = shut;
  if (first === undefined || before.run.because.some(isShut)) return arrival;
  const step = stepsOf(draft.run)[moving(draft).step]?.id ?? null;
  const text = `${draft.run.plan.release.id} waits in ${draft.run.environment}: ${first.text}`;
  return { ...arrival, draft: notify(happen(draft, "gate.shut", shut, step), "gate.shut", text) };
};

const isShut = ({ code }: Reason): boolean => NEVER_CODES.includes(code);

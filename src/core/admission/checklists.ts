// Items that a person ticks, that Sluice checks, or both. A list is done when each item is done, or
// was left out where that is allowed.

import { SLUICE, later } from "../ids.ts";
import type { Actor, Instant } from "../ids.ts";
import { reason } from "../steps/step-result.ts";
import { checkAt, checkTimes } from "./item-checks.ts";
import type { Checked } from "./item-checks.ts";
import { judgedOver } from "./request.ts";
import type { AdmissionRequest, Judgement } from "./request.ts";
import type { Checklist, ChecklistItem, RuleResult } from "./rule.ts";
import type { Tick } from "./sorted.ts";
import { newestTick, objection, ticksOf } from "./ticks.ts";

export interface ItemState {
  readonly item: string;
  /** What is to be done. */
  readonly title: string;
  /** Empty: anybody. */
  readonly owner: readonly string[];
  /** `late` is open past its time. */
  readonly state: "open" | "done" | "failed" | "skipped" | "late";
  /** Whose word it rests on; null: nobody's yet. */
  readonly by: Actor | null;
  /** When that was said; null where nobody did. */
  readonly at: Instant | null;
  readonly due: Instant | null;
  /** What was said or found, or what is missing. */
  readonly text: string;
}

export const judgeChecklist = (
  id: string,
  list: Checklist,
  request: AdmissionRequest,
  now: Instant,
): RuleResult => {
  const times = list.items.flatMap((item) => checkTimes(item.check, request));
  return judgedOver(id, now, times, (at) => judgeAt(list, request, at));
};

const judgeAt = (list: Checklist, request: AdmissionRequest, at: Instant): Judgement => {
  const states = checklistState(list, request, at);
  const count = (state: ItemState["state"]): number =>
    states.filter((one) => one.state === state).length;
  const [done, skipped] = [count("done"), count("skipped")];
  const numbers = { items: states.length, done, skipped, late: count("late") };
  const missing = states.filter(({ state }) => state !== "done" && state !== "skipped");
  if (missing.length === 0) {
    const text = `${list.name}: ${done} of ${states.length} items done, ${skipped} left out`;
    return { kind: "allow", reasons: [reason("checklist-done", text, numbers)] };
  }
  const text = `${list.name}: ${missing.length} of ${states.length} items are missing`;
  const each = missing.map(({ item, state, title, text: why, due }) =>
    reason(`item-${state}`, `${title}: ${why}`, { item, due }),
  );
  return { kind: "wait", reasons: [reason("checklist-open", text, numbers), ...each] };
};

/** Every item of the list, in its order. */
export const checklistState = (
  list: Checklist,
  request: AdmissionRequest,
  now: Instant,
): readonly ItemState[] => list.items.map((item) => itemState(item, request, now));

type Said = Pick<ItemState, "state" | "by" | "at" | "text">;

const itemState = (item: ChecklistItem, request: AdmissionRequest, now: Instant): ItemState => {
  const due = item.dueMs === null ? null : later(request.since, item.dueMs);
  const { state, ...said } = saidOf(item, request, now);
  return {
    item: item.id,
    title: item.text,
    owner: item.owner,
    state: state === "open" && due !== null && now > due ? "late" : state,
    ...said,
    due,
  };
};

/** A person's newest word first: what failed or was left out for them is not checked. */
const saidOf = (item: ChecklistItem, request: AdmissionRequest, now: Instant): Said => {
  const word = newestTick(item, request);
  if (word !== undefined && word.verdict !== "done") {
    return { state: word.verdict, by: word.by, at: word.at, text: word.text };
  }
  const person = item.manual || item.check === null;
  const checked = item.check === null ? null : checkAt(item.check, item.id, request, now);
  if (checked !== null && checked.kind !== "passed") return unchecked(checked, person, word);
  if (!person) return { state: "done", by: SLUICE, at: null, text: checked?.text ?? "checked" };
  if (word === undefined) {
    return { state: "open", by: null, at: null, text: missingText(item, request) };
  }
  return { state: "done", by: word.by, at: word.at, text: word.text };
};

/** Checked, and not as it should be: no person's word outweighs that. */
const unchecked = (checked: Checked, person: boolean, word: Tick | undefined): Said => ({
  state: checked.kind === "failed" ? "failed" : "open",
  by: checked.kind === "failed" ? SLUICE : null,
  at: null,
  text: person && word === undefined ? `${checked.text}; and nobody has ticked it` : checked.text,
});

const missingText = (item: ChecklistItem, request: AdmissionRequest): string => {
  const who = item.owner.length === 0 ? "somebody" : item.owner.join(", ");
  const last = ticksOf(item, request).at(-1);
  const why = last === undefined ? null : objection(item, last);
  return why === null ? `waits for ${who}` : `waits for ${who}; ${why}`;
};

// What a run waits for from people, and who of them can still give it: the engine's own count, told
// to a person.

import { assertNever } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { Ask } from "./contract/asks.ts";
import type { GateView, ItemView, RuleView } from "./contract/gates.ts";
import type { StepKind } from "../core/step.ts";
import type { FollowUp } from "../core/follow-ups.ts";
import { currentStep } from "./run-brief.ts";
import { itemView } from "./rule-views.ts";

/** `gates`: as gateViews() gives them. */
export const asksOf = (
  run: Run,
  gates: readonly GateView[],
  followUps: readonly FollowUp[] = [],
): readonly Ask[] => {
  const { state } = run;
  const afterwards = followUps.flatMap(askedAfter);
  if (state.kind !== "forward" && state.kind !== "back") return afterwards;
  const gate = gates.find((one) => one.state === "here");
  const asks: Ask[] = gate?.rules.flatMap((rule) => askedBy(rule, gate.step)) ?? [];
  const step = currentStep(run);
  if (step?.kind === "manual") {
    asks.push({ kind: "answer", step: step.id, from: step.from, instructions: step.instructions });
  }
  const words = step === null ? null : wordsFor(step.kind, run);
  if (step !== null && words !== null) {
    asks.push({ kind: "answer", step: step.id, from: [], instructions: words });
  }
  if (run.hold !== null) asks.push({ kind: "resume", by: run.hold.by, reason: run.hold.reason });
  if (state.stalled !== null) asks.push({ kind: "act", why: state.stalled.why });
  return [...asks, ...afterwards];
};

/** Where a person's word stands in for what could not be measured or is not known; null: no word
 * helps. */
const wordsFor = (kind: StepKind, { state, because }: Run): string | null => {
  if (state.kind !== "forward" && state.kind !== "back") return null;
  const codes = because.map(({ code }) => code);
  if (kind === "bake" && codes.some((code) => UNMEASURED.includes(code))) {
    return "too little was measured to judge by: look at it yourself and vouch for it";
  }
  const unknown = kind === "task" && codes.includes("outcome-unknown");
  return unknown ? "find out whether it ran, and say so" : null;
};

const UNMEASURED: readonly string[] = ["inconclusive", "patience-ended"];

const askedBy = (rule: RuleView, step: string): readonly Ask[] => {
  if (rule.answer !== "wait") return [];
  switch (rule.kind) {
    case "approval": {
      const { from, needed, given, open, asks } = rule;
      return [
        { kind: "approval", step, rule: rule.id, from, needed, given, open, questions: asks },
      ];
    }
    case "checklist":
      return rule.items.filter(isOpen).flatMap((item) => askedOf(item, step));
    case "evidence":
      return [{ kind: "evidence", step, lacks: rule.reasons.map((reason) => reason.text) }];
    case "changeRecord":
      return [{ kind: "change", step }];
    case "window":
    case "noFreeze":
    case "verifiedIn":
    case "phase":
      return [];
    default:
      return assertNever(rule);
  }
};

/** Its run is over, and it is still to be done. */
const askedAfter = ({ checklist, step, items }: FollowUp): readonly Ask[] =>
  checklist.items.flatMap((item, index) => {
    const state = items[index];
    const view = state === undefined ? null : itemView(item, state);
    return view !== null && isOpen(view) ? askedOf(view, step) : [];
  });

const isOpen = ({ state }: ItemView): boolean => state === "open" || state === "failed";

/** Nobody's tick outweighs a check. One that a task makes is made again for a tick; the others want
 * what they look at. */
const askedOf = (item: ItemView, step: string): readonly Ask[] => {
  // A person has said that it failed: only a person can say otherwise.
  const doubted = item.state === "failed" && item.by !== null && item.by !== "sluice";
  const byHand = item.manual || item.skippable || doubted;
  const looksAt = byHand ? null : (item.check?.kind ?? null);
  if (looksAt === "evidence") return [{ kind: "evidence", step, lacks: [item.note] }];
  if (looksAt === "changeRecord") return [{ kind: "change", step }];
  if (looksAt === "verifiedIn") return [];
  const { id, text, owner, dueAt, late, note, needs, skippable } = item;
  const ask = { kind: "tick", step, item: id, text, from: owner } as const;
  return [{ ...ask, dueAt, late, note, needs, skippable }];
};

// Whether a gate could honestly be passed, by what people said and by the clock, and as plainly as
// it can be put.

import type { ChecklistItem, GateRule } from "../core/admission/rule.ts";
import type { EvidenceCondition } from "../core/evidence/evidence.ts";
import type { Fact } from "../core/fact.ts";
import type { GateStep } from "../core/step.ts";
import { unapproved } from "./approval-truth.ts";
import { openSince } from "./calendar-truth.ts";
import { lateFinding } from "./finding-truth.ts";
import { freezeOf, inForce, isEmergency, viewsOf, type Moment, type View } from "./gate-view.ts";

/** A sentence on the first rule that was not met; null: all were. */
export const unmet = (moment: Moment, gate: GateStep): string | null => {
  const views = viewsOf(moment);
  const found = views.map((view) => firstUnmet(view, gate, gate.rules));
  return found.includes(null) ? null : (found[0] ?? null);
};

/** The same without what the clock alone decides. */
export const unmetByWords = (moment: Moment, gate: GateStep): string | null => {
  const rules = gate.rules.filter(({ kind }) => kind !== "window" && kind !== "phase");
  return firstUnmet({ ...moment, heard: moment.loadedAt }, gate, rules);
};

const firstUnmet = (view: View, gate: GateStep, rules: readonly GateRule[]): string | null => {
  for (const rule of rules) {
    const missing = missingOf(view, gate.id, rule);
    if (missing !== null) return `${rule.id}: ${missing}`;
  }
  return null;
};

const missingOf = (view: View, gate: string, rule: GateRule): string | null => {
  const { run, at, book, loadedAt } = view;
  switch (rule.kind) {
    case "approval":
      return unapproved(view, gate, rule.approval);
    case "evidence":
      return firstOf(rule.conditions, (condition) => unproven(view, condition));
    case "checklist":
      return firstOf(rule.checklist.items, (item) => undone(view, gate, item));
    case "window":
      return isEmergency(view) || openSince(rule.calendar, at) !== null ? null : "it is closed";
    case "noFreeze":
      return isEmergency(view) || freezeOf(view) === null ? null : "it is frozen";
    case "changeRecord":
      return unchanged(view);
    case "verifiedIn": {
      const { environment } = rule;
      const known = book.knownGood(environment, run.plan.release.id, loadedAt);
      return known ? null : `not known good in ${environment}`;
    }
    case "phase": {
      const { opens, closes, after, late } = rule.phase;
      if (after === null || isEmergency(view)) return null;
      if (opens === null || at < opens) return "its day has not come";
      return late === "refuse" && closes !== null && at >= closes ? "its days are over" : null;
    }
  }
};

const firstOf = <T>(all: readonly T[], ask: (one: T) => string | null): string | null =>
  all.map(ask).find((one) => one !== null) ?? null;

const unproven = (view: View, condition: EvidenceCondition) => {
  if ("deadlines" in condition) return lateFinding(view, condition);
  const { name, text, value, comparison } = condition;
  const waived = new Set(inForce(view, "waiver").map(({ body }) => body.what));
  if (waived.has(name)) return null;
  const newest = inForce(view, "evidence").at(-1)?.body.evidence;
  if (newest === undefined) return `no report for ${text}`;
  const open = newest.findings.filter(
    ({ id, severity }) => severity === "critical" && !waived.has(id),
  );
  const found = newest.values[name]?.value ?? open.length;
  const holds = comparison === ">" ? found > value.value : found === value.value;
  return holds ? null : `${name} is ${found}`;
};

const unchanged = (view: View): string | null =>
  inForce(view, "changeRecord").at(-1)?.body.state === "approved" ? null : "no approved change";

type Tick = Extract<Fact, { kind: "tick" }>;

/** Null: it is done. */
export const undone = (view: View, gate: string, item: ChecklistItem): string | null => {
  const { book, run, heard, checked } = view;
  const words = book
    .facts(run.id, heard)
    .filter((fact): fact is Tick => fact.kind === "tick" && fact.step === gate);
  const word = words.filter((tick) => tick.item === item.id && counts(item, tick)).at(-1);
  if (word?.verdict === "skipped") return null;
  if (word?.verdict === "failed") return `${item.id} failed`;
  const { check } = item;
  if (word === undefined && (check === null || item.manual)) return `nobody ticked ${item.id}`;
  if (check?.kind === "evidence") return firstOf(check.conditions, (one) => unproven(view, one));
  if (check?.kind === "changeRecord") return unchanged(view);
  if (check?.kind !== "task" || checked.has(`${run.id} ${gate}/${item.id}`)) return null;
  return `the check of ${item.id} never succeeded`;
};

const counts = ({ owner, needs, skippable }: ChecklistItem, { by, verdict, text }: Tick) => {
  if (owner.length > 0 && !owner.includes(by)) return false;
  if (verdict === "skipped") return skippable && text !== "";
  if (verdict === "failed" || needs === "nothing") return true;
  return needs === "link" ? text.startsWith("http") : text !== "";
};

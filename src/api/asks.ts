// What a run waits for from people, and who of them can still give it: the engine's own count, told
// to a person.

import type { Fact } from "../core/fact.ts";
import type { Instant } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import { countedApprovals, eligible } from "../core/steps/gate.ts";
import type { Ask } from "./contract.ts";
import { currentStep } from "./run-brief.ts";

export const asksOf = (run: Run, facts: readonly Fact[], now: Instant): readonly Ask[] => {
  const { state } = run;
  if (state.kind !== "forward" && state.kind !== "back") return [];
  const asks: Ask[] = [];
  const step = currentStep(run);
  if (step?.kind === "gate") {
    const given = [
      ...new Set<string>(countedApprovals(step, run, facts, now).map((fact) => fact.by)),
    ];
    const open = eligible(step.approval, run).filter((name) => !given.includes(name));
    const { from, count } = step.approval;
    asks.push({ kind: "approval", step: step.id, from, needed: count, given, open });
  }
  if (step?.kind === "manual") {
    asks.push({ kind: "answer", step: step.id, from: step.from, instructions: step.instructions });
  }
  if (run.hold !== null) asks.push({ kind: "resume", by: run.hold.by, reason: run.hold.reason });
  if (state.stalled !== null) asks.push({ kind: "act", why: state.stalled.why });
  return asks;
};

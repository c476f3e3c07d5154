// Tasks with an undo, and a rehearsal in which each task ends as the test says. Every decision is
// held against the invariants.

import { DECISION_CHECKS, broken } from "./checks.ts";
import { Rehearsal } from "./decide.testing.ts";
import type { Decision } from "./decision.ts";
import type { EffectOutcome } from "./effect.ts";
import type { Action } from "./playbook.ts";
import type { RollbackTier } from "./step.ts";

type TaskAction = Extract<Action, { kind: "task" }>;

export const task = (name: string, more: Partial<TaskAction> = {}): TaskAction => ({
  kind: "task",
  name,
  task: { kind: "command", command: [`./${name}`], env: {} },
  deadlineMs: 1_000,
  repeatable: false,
  onUnknown: "hold",
  attempts: 1,
  undo: null,
  migration: null,
  ...more,
});

export const undoable = (
  name: string,
  tier: RollbackTier,
  more: Partial<TaskAction> = {},
): TaskAction => {
  const undo = { kind: "command", command: [`./undo-${name}`], env: {} } as const;
  return task(name, {
    undo: { task: undo, deadlineMs: 2_000, repeatable: false, tier },
    ...more,
  });
};

export const REFUSED: EffectOutcome = { kind: "refused", code: "command-failed", why: "exit 1" };
export const LOST: EffectOutcome = { kind: "unknown", why: "nobody answered" };

export class Scripted extends Rehearsal {
  /** By step, from now on; null: still under way. What is not named here succeeds. */
  outcomes: Record<string, EffectOutcome | null> = {};

  override pass(): Decision {
    const before = this.run;
    const snapshot = this.snapshot();
    const decision = super.pass();
    const [first] = broken(DECISION_CHECKS, { run: before, snapshot, decision });
    if (first !== undefined) throw new Error(JSON.stringify(first));
    const known = new Set(snapshot.effects.map(({ effect }) => effect));
    this.effects = this.effects.map((record) => {
      const { body } = record.effect;
      if (known.has(record.effect) || body.kind !== "task") return record;
      const outcome = this.outcomes[body.step];
      if (outcome === undefined) return record;
      return { ...record, outcome, state: outcome === null ? "started" : "done" };
    });
    return decision;
  }

  /** What was under way ends so. */
  finish(step: string, outcome: EffectOutcome = { kind: "applied", detail: null }): void {
    this.outcomes[step] = outcome;
    this.effects = this.effects.map((record) => {
      const { body } = record.effect;
      const open = body.kind === "task" && body.step === step && record.outcome === null;
      return open ? { ...record, outcome, state: "done" } : record;
    });
  }

  rollBack(tier: RollbackTier): void {
    this.say("bob", { kind: "rollback", to: null, reason: "checkout fails", tier });
  }

  /** Commands in the order in which they were begun. */
  begun(): readonly string[] {
    return this.effects.flatMap(({ effect: { body } }) =>
      body.kind === "task" && body.task.kind === "command" ? body.task.command : [],
    );
  }

  pages(): readonly string[] {
    return this.decisions.flatMap(({ effects }) =>
      effects.flatMap((one) => (one.kind === "notify" && one.event.page ? [one.event.type] : [])),
    );
  }

  /** Everything that was told, as people read it. */
  told(type: string): readonly string[] {
    return this.decisions.flatMap(({ events }) =>
      events.filter((one) => one.type === type).flatMap((one) => one.reasons.map((r) => r.text)),
    );
  }
}

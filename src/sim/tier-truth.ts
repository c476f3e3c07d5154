// The judge's eye on rollbacks that are runs of their own: whatever changes while they wait, they
// go where somebody said, as far as somebody said, and all that is part of it is taken back.

import type { Broken } from "../core/checks.ts";
import type { Run } from "../core/run.ts";
import type { RollbackTier, Step } from "../core/step.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import type { Universe } from "./universe.ts";

const TIERS: readonly RollbackTier[] = ["immediate", "gradual", "full"];

/** `asked`: the run as it was when it waited, whatever the engine read. */
export const tierBroken = (
  { ledger, journal }: Universe,
  { before, decision }: Commit,
  asked: Run,
): readonly Broken[] => {
  const { run } = decision;
  if (asked.plan.strategy !== "rollback") return [];
  if (run.settled?.outcome === "succeeded" && asked.settled === null) {
    return run.slots === null ? leftByOther(run, [...ledger.runs.values()]) : untaken(run, before);
  }
  if (asked.state.kind !== "queued" || run.state.kind !== "forward") return [];
  const anew = decision.events.some(({ type }) => type === "run.replanned");
  if (anew) journal.rare("rollback planned anew");
  return [...changed(run, asked), ...missing(run, asked, [...ledger.runs.values()])];
};

const wordOf = ({ plan }: Run): string =>
  `${plan.release.id}, tier ${plan.rollback.tier}${plan.atOnce === true ? ", at once" : ""}`;

const changed = (run: Run, asked: Run): readonly Broken[] =>
  wordOf(run) === wordOf(asked)
    ? []
    : [named("rollback-as-asked", `${run.id} was to ${wordOf(asked)}, and is to ${wordOf(run)}`)];

/** Of what brought the release that it leaves, all that its tier has. */
const missing = (run: Run, asked: Run, all: readonly Run[]): readonly Broken[] => {
  const left = run.plan.from?.id;
  const brought = all.findLast(
    ({ service, environment, plan, settled }) =>
      service === run.service &&
      environment === run.environment &&
      plan.release.id === left &&
      settled?.outcome === "succeeded",
  );
  if (brought === undefined || brought.plan.strategy === "rollback") return [];
  const own = run.plan.steps.map(({ id }) => id);
  const lost = brought.plan.steps.filter(
    (step) => isPartOf(step, asked.plan.rollback.tier) && !own.includes(`undo-${step.id}`),
  );
  return lost.map(({ id }) => {
    const text = `${run.id} does not take ${id} of ${brought.id} back, tier ${wordOf(asked)}`;
    return named("tier-takes-back", text);
  });
};

/** A restore stands for itself: where nothing came after its backup there is none. */
const isPartOf = (step: Step, tier: RollbackTier): boolean =>
  step.kind === "task" &&
  step.undo !== null &&
  step.undo.task.kind !== "restore" &&
  TIERS.indexOf(step.undo.tier) <= TIERS.indexOf(tier);

/** It says that it succeeded since another was faster, and that one took back less. */
const leftByOther = (run: Run, all: readonly Run[]): readonly Broken[] => {
  const other = all.findLast(
    ({ id, service, environment, plan, settled }) =>
      id !== run.id &&
      service === run.service &&
      environment === run.environment &&
      plan.release.id === run.plan.release.id &&
      settled?.outcome === "succeeded",
  );
  const own = run.plan.steps.map(({ id }) => id);
  return (other?.plan.leaves ?? [])
    .filter(({ step }) => own.includes(`undo-${step}`))
    .map(({ step }) => {
      const text = `${run.id} succeeded, and ${other?.id} left ${step} as it is`;
      return named("left-is-told", text);
    });
};

/** It says that it succeeded, and something of its plan was neither done nor vouched for. */
const untaken = ({ id, plan }: Run, { effects, facts }: Commit["before"]): readonly Broken[] =>
  plan.steps
    .filter(({ id: step }) => step.startsWith("undo-"))
    .filter(
      ({ id: step }) =>
        !effects.some(
          ({ effect: { body }, outcome }) =>
            body.kind === "task" && body.step === step && outcome?.kind === "applied",
        ) &&
        !facts.some(
          (fact) => fact.kind === "answer" && fact.step === step && fact.verdict === "done",
        ),
    )
    .map(({ id: step }) => named("undone-before-success", `${id} succeeded without ${step}`));

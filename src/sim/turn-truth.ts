// What a freeze must hold, and what nothing but a person's word may turn.

import type { Broken } from "../core/checks.ts";
import type { Run } from "../core/run.ts";
import type { Commit } from "../ports/store.ts";
import { deniedBy } from "./calendar-truth.ts";
import { named } from "./commit-checks.ts";
import { windowsOf } from "./gate-rules.ts";
import { freezeOf, isEmergency, viewsOf, type Moment } from "./gate-view.ts";
import type { Ledger } from "./ledger.ts";

/** Frozen when it was read and still when it was decided, and its traffic grows all the same. */
export const roseFrozen = ({ decision }: Commit, moment: Moment): readonly Broken[] => {
  const { run, at } = moment;
  const rises = decision.run.state.kind === "forward" && decision.run.weight > run.weight;
  if (!rises || run.plan.onFreeze === "finish" || isEmergency(moment)) return [];
  if (run.origin.kind === "rollback") return [];
  const frozen = viewsOf(moment).every((view) => freezeOf(view) !== null);
  const denied = calendarsBehind(run).some((calendar) => deniedBy(calendar, at) !== null);
  if (!frozen && !denied) return [];
  const why = frozen ? "it is frozen" : "its calendar denies it";
  const text = `${run.id} goes from ${run.weight} ‰ to ${decision.run.weight} ‰, and ${why}`;
  return [named("frozen-never-rises", text)];
};

const calendarsBehind = ({ state, plan }: Run) =>
  (state.kind === "forward" ? plan.steps.slice(0, state.step) : []).flatMap((step) =>
    step.kind === "gate" ? windowsOf(step) : [],
  );

/** A contract migration was ordered before, and it turns though nobody said `full`. */
export const turnedAlone = (
  { decision }: Commit,
  { run, book, loadedAt }: Moment,
  { crossed }: Ledger,
): readonly Broken[] => {
  const step = crossed(run.id);
  const { state } = decision.run;
  const turns = state.kind === "back" || (state.kind === "ended" && state.outcome !== "succeeded");
  if (step === null || !turns || run.state.kind !== "forward" || run.settled !== null) return [];
  const said = [run.id, ...(run.origin.train === undefined ? [] : [run.origin.train])];
  const meant = said
    .flatMap((id) => book.facts(id, loadedAt))
    .some((fact) => fact.kind === "rollback" && fact.tier === "full");
  if (meant) return [];
  return [named("no-return-crossed-alone", `${run.id} turns behind ${step}, and nobody said so`)];
};

/** What takes something back is ordered once more, though it is known to have succeeded. */
export const undoneTwice = ({ before, decision }: Commit): readonly Broken[] => {
  const ordered = decision.effects.flatMap((effect) => (effect.kind === "task" ? effect.step : []));
  const again = ordered.filter(
    (step) =>
      /^(back-)?undo-/u.test(step) &&
      before.effects.some(
        ({ effect: { body }, outcome }) =>
          body.kind === "task" && body.step === step && outcome?.kind === "applied",
      ),
  );
  return again.map((step) => named("undone-once", `${step} of ${before.run.id} is ordered again`));
};

// The judge's eye on traffic that returns by shares: each share for its time, and all of it at once
// where what is left behind really burns, where time is up, and where somebody said so.

import type { Broken } from "../core/checks.ts";
import type { Fact } from "../core/fact.ts";
import { instant, later } from "../core/ids.ts";
import type { DurationMs, Instant } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { BakeStep, Step } from "../core/step.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import { reachedStep } from "./reached.ts";
import type { Sight } from "./sight.ts";
import { burning } from "./trigger-truth.ts";
import type { Universe } from "./universe.ts";

/** `run` is what the ledger has of it, whatever the engine read. */
export const returnBroken = (
  { book, metrics, journal }: Universe,
  commit: Commit,
  run: Run,
  sight: Sight,
): readonly Broken[] => {
  const { decision, at } = commit;
  const found: Broken[] = [];
  const bake = bakePassed(run, decision.run);
  if (bake !== null && decision.run.atOnce === undefined) {
    journal.rare("share of a way back");
    const lasted = run.state.kind === "back" || run.state.kind === "forward" ? run.state.since : at;
    if (at - lasted < bake.forMs) {
      const text = `${bake.id} of ${run.id} lasted ${at - lasted} of ${bake.forMs} ms`;
      found.push(named("share-lasts", text));
    }
  }
  if (missUntold(decision.run, at)) {
    const text = `${run.id} is not back in its time, and nobody was called`;
    found.push(named("miss-is-told", text));
  }
  if (!keepsShares(decision.run)) return found;
  const began = decision.run.breach?.at ?? run.createdAt;
  if (at > later(began, timeOf(decision.run))) {
    found.push(named("shares-in-time", `${run.id} still goes by shares when its time is up`));
  }
  const facts = book.facts(run.id, instant(sight.loadedAt - 1));
  const said = facts.findLast((fact) => fact.kind === "rollback");
  if (said !== undefined && said.at >= began && meansAtOnce(said)) {
    found.push(named("haste-is-heard", `${run.id} goes by shares after ${said.by} said otherwise`));
  }
  const held = run.state.kind === "back" ? burning(commit, sight, metrics) : undefined;
  if (held === undefined) return found;
  return [...found, named("burns-at-once", `${run.id} goes by shares though ${held.text}`)];
};

/** Of the tier that it goes as far as. */
const timeOf = ({ plan: { rollback }, state }: Run): DurationMs => {
  const tier = (state.kind === "back" ? state.tier : undefined) ?? rollback.tier;
  return rollback.tierWithinMs === undefined ? rollback.withinMs : rollback.tierWithinMs[tier];
};

const missUntold = (run: Run, at: Instant): boolean => {
  if (run.settled !== null || run.state.kind === "ended") return false;
  if (run.state.kind === "back" && run.breach !== null) {
    const told = run.breach.reasons.some(({ code }) => code === "rollback-late");
    return !told && at > later(run.breach.at, timeOf(run));
  }
  const late = at > later(run.createdAt, timeOf(run));
  return run.origin.kind === "rollback" && run.state.kind !== "back" && late && run.late !== true;
};

const meansAtOnce = (fact: Extract<Fact, { kind: "rollback" }>): boolean =>
  fact.tier !== "gradual" || fact.now === true;

/** Going back, or a rollback, and not in a hurry: a share is before it, or it is at one. */
const keepsShares = (run: Run): boolean => {
  const { state, plan } = run;
  if (run.atOnce !== undefined || run.settled !== null) return false;
  if (state.kind === "back") return state.steps.slice(state.step).some(isShare(0));
  const rollback = state.kind === "forward" && plan.strategy === "rollback";
  return rollback && plan.steps.slice(state.step).some(isShare(1000));
};

const isShare =
  (end: number) =>
  (step: Step): boolean =>
    step.kind === "bake" || (step.kind === "shift" && step.candidate !== end);

const bakePassed = (was: Run, is: Run): BakeStep | null => {
  const step = reachedStep(was);
  if (step?.kind !== "bake") return null;
  if (was.state.kind !== "back" && was.plan.strategy !== "rollback") return null;
  const goesOn = was.state.kind === is.state.kind && reachedStep(is)?.id !== step.id;
  return goesOn ? step : null;
};

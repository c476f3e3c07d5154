// Whether alerts were acted on, and only those that a trigger speaks of: judged from what people
// really said, by a reading of the conditions of its own.

import type { Broken } from "../core/checks.ts";
import type { Fact } from "../core/fact.ts";
import type { Instant, RunId } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { Condition } from "../core/threshold.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import type { Sight } from "./sight.ts";

type Alert = Extract<Fact, { kind: "alert" }>;

export interface AlertWatch {
  said(fact: Fact): void;
  /** Empty: it goes on past no alert that its plan speaks of, and goes back for no other. */
  committed(commit: Commit, sight: Sight, plan: Plan): readonly Broken[];
}

export const alertWatch = (): AlertWatch => {
  const told = new Map<RunId, readonly Alert[]>();
  return {
    said: (fact) => {
      if (fact.kind === "alert") told.set(fact.run, [...(told.get(fact.run) ?? []), fact]);
    },
    committed: ({ before: { run }, decision }, { loadedAt }, plan) => {
      const alerts = told.get(run.id) ?? [];
      const triggers = plan.triggers.filter(({ kind }) => kind !== "metric");
      if (run.state.kind !== "forward" || run.settled !== null) return [];
      const goesOn = decision.run.state.kind === "forward" && run.touchedAt !== null;
      const missed = triggers.filter((one) => openFor(one, alerts, loadedAt));
      if (goesOn && missed[0] !== undefined) {
        return [named("alert-fires", `${run.id} goes on though ${missed[0].text}`)];
      }
      const fired = decision.run.breach === run.breach ? null : decision.run.breach;
      const cause = triggers.find(({ text }) => text === fired?.trigger);
      if (cause === undefined || alerts.some((one) => meant(cause, one))) return [];
      return [named("alert-fires-rightly", `${run.id} goes back for ${cause.text}: there is none`)];
    },
  };
};

/** Whoever read the run at `loadedAt` saw it open. What was said just then may have been seen or
 * not. */
const openFor = (trigger: Condition, alerts: readonly Alert[], loadedAt: Instant): boolean =>
  alerts.some((alert) => {
    const own = alerts.filter(({ name }) => name === alert.name);
    const newest = own.reduce((last, one) => (one.seq > last.seq ? one : last), alert);
    const settledBefore = own.every(({ at }) => at < loadedAt);
    return settledBefore && newest.status === "firing" && meant(trigger, newest);
  });

const meant = (trigger: Condition, { name, severity }: Alert): boolean => {
  if (trigger.kind === "alert") return severity === trigger.severity;
  return trigger.kind === "namedAlert" && name.toUpperCase() === trigger.name.toUpperCase();
};

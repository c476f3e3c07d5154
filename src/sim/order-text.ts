// Commits and orders in the words of the trace.

import type { Effect, EffectBody } from "../core/effect.ts";
import type { Commit } from "../ports/store.ts";

export const orderText = (body: EffectBody): string => {
  if (body.kind === "route") return `route blue ${body.weights.blue} green ${body.weights.green}`;
  if (body.kind !== "apply") return body.kind;
  const cohorts = body.spec.cohorts.map((c) => `${c.instances} × ${c.release.id}`).join(" + ");
  return `apply ${body.spec.slot}: ${cohorts === "" ? "nothing" : cohorts}`;
};

export const commitText = ({ decision }: Commit, effects: readonly Effect[]): string => {
  const { run } = decision;
  const { state } = run;
  const steps = state.kind === "back" ? state.steps : run.plan.steps;
  const moving = state.kind === "forward" || state.kind === "back";
  const where = moving ? `${state.kind} ${steps[state.step]?.id ?? "done"}` : state.kind;
  const stalled = moving && state.stalled !== null ? " STALLED" : "";
  const end = run.settled === null ? "" : ` (${run.settled.outcome})`;
  const orders = effects.map(({ body }) => ` → ${orderText(body)}`).join("");
  return `${run.id} ${where}${end}${stalled}${orders}`;
};

export const whyText = ({ decision }: Commit): string =>
  decision.run.because.map(({ text }) => text).join("; ");

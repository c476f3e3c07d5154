// A run told line by line, for terminals that cannot be redrawn: one line for each thing that
// changed since the last look.

import type { RunView, StepView } from "../../api/contract/runs.ts";
import { clock, duration, share } from "./amounts.ts";
import { outcomeText } from "./outcome.ts";
import { clean } from "./width.ts";

/** `before` null: everything up to now is told in short, each with the time at which it was so. */
export const progressLines = (
  before: RunView | null,
  after: RunView,
  now: number,
): readonly string[] => {
  const lines: string[] = [];
  const say = (text: string, at: number | null = null): void => {
    lines.push(`${clock(before === null ? (at ?? now) : now)} ${clean(text)}`);
  };
  if (before === null) {
    say(`run ${after.id}: ${after.release} to ${after.environment}`, after.createdAt);
  }
  const tellSteps = (steps: readonly StepView[]): void => {
    for (const step of steps) {
      const told = before === null ? undefined : stateOf(before, step.id);
      if (told !== step.state) stepLine(step, say);
    }
  };
  tellSteps(after.steps);
  if (after.breach !== null && before?.breach == null) {
    const { at, trigger, weight } = after.breach;
    say(`✖ turns back at ${share(weight)}: ${trigger}`, at);
  }
  tellSteps(after.back);
  if (after.hold !== null && before?.hold == null)
    say(`⏸ held by ${after.hold.by}: ${after.hold.reason}`, after.hold.since);
  if (after.frozen !== null && before?.frozen?.reason !== after.frozen.reason)
    say(`❄ ${after.frozen.reason}`, after.frozen.since);
  if (isHeld(before) && !isHeld(after)) say("▶ goes on");
  if (after.stalled !== null && before?.stalled == null)
    say(`! a person must act: ${after.stalled.why} (sluice why ${after.id})`, after.stalled.at);
  if (after.outcome !== null && before?.outcome == null) say(outcomeText(after), after.settledAt);
  return lines;
};

const isHeld = (view: RunView | null): boolean =>
  view !== null && (view.hold !== null || view.frozen !== null);

const stateOf = (view: RunView, id: string): StepView["state"] | undefined =>
  [...view.steps, ...view.back].find((step) => step.id === id)?.state;

const stepLine = (step: StepView, say: (text: string, at: number | null) => void): void => {
  const end = step.since === null ? null : step.since + (step.tookMs ?? 0);
  const took = step.tookMs === null ? "" : ` (${duration(step.tookMs)})`;
  const note = step.note === null ? "" : `: ${step.note}`;
  if (step.state === "done") say(`✔ ${step.title}${took}`, end);
  if (step.state === "active") say(`● ${step.title}`, step.since);
  if (step.state === "failed") say(`✖ ${step.title}${note}`, end);
};

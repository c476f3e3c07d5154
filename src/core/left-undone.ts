// What a way back leaves as it is, since its tier has more in it than was asked for, and the
// command that takes it back too.

import { assertNever, versionOf } from "./ids.ts";
import type { ReleaseId } from "./ids.ts";
import type { LaneKey } from "./lane.ts";
import type { LeftStep } from "./plan.ts";
import type { Reason } from "./reason.ts";
import type { Run } from "./run.ts";
import { shownCommand, shownText } from "./secrets/shown.ts";
import type { RollbackTier } from "./step.ts";
import { reason } from "./steps/step-result.ts";
import type { TaskSpec } from "./task-spec.ts";
import { tierOfAll, tookPlace, undoIdOf, undoableOf } from "./undo.ts";
import type { Happened, UndoableStep } from "./undo.ts";

/** Neither will the run's way back take it back, nor has anything else. In order of doing. */
export const leftUndone = (run: Run, happened: Happened): readonly UndoableStep[] => {
  const ids = run.state.kind === "back" ? new Set(run.state.steps.map(({ id }) => id)) : null;
  return undoableOf(run, happened).filter((step) => {
    const id = undoIdOf(step);
    return ids === null ? !tookPlace(id, happened) : !ids.has(id);
  });
};

/** `by word`: the run can still be told to. `by hand`: it is over. */
export const leftReasons = (
  run: Run,
  left: readonly UndoableStep[],
  how: "by word" | "by hand",
): readonly Reason[] => {
  if (left.length === 0) return [];
  const [verb, what] = left.length === 1 ? ["stays as it is", "it"] : ["stay as they are", "them"];
  const tier = tierOfAll(left);
  const text = `${left.map(({ id }) => id).join(", ")} ${verb}`;
  const to = run.state.kind === "back" ? run.state.target : null;
  const undo =
    how === "by word"
      ? `${rollbackCommand(run, to, tier)} takes ${what} back too`
      : `nobody but a person takes ${what} back any more`;
  return [reason("left-undone", `${text}: ${undo}`, { tier })];
};

/** What of this run's doing, or of those that it goes back behind, stays as it is; empty as long as
 * nothing has turned back. */
export const leftBehind = (run: Run, happened: Happened): readonly Reason[] => {
  const { leaves } = run.plan;
  if (leaves !== undefined) return [reason("left-undone", leftText(leaves))];
  if (run.breach === null || run.state.kind === "forward" || run.state.kind === "queued") return [];
  const open = run.state.kind === "back" && run.state.steps[run.state.step] !== undefined;
  return leftReasons(run, leftUndone(run, happened), open ? "by word" : "by hand");
};

const leftText = (leaves: readonly LeftStep[]): string => {
  const one = leaves.length === 1;
  const [verb, what] = one ? ["stays as it is", "it"] : ["stay as they are", "them"];
  const steps = leaves.map(({ step, release }) => `${step} of ${versionOf(release)}`).join(", ");
  return `${steps} ${verb}: nobody but a person takes ${what} back any more`;
};

/** What takes these back, as somebody would do it. What looks like a secret is not shown. */
export const byHand = (steps: readonly UndoableStep[]): string =>
  steps.map(({ undo: { task } }) => handText(task)).join(", then ");

const handText = (task: TaskSpec): string => {
  switch (task.kind) {
    case "command":
      return shownCommand(task.command).join(" ");
    case "http":
      return `${task.method} ${shownText(task.url)}`;
    case "probe":
      return `probe ${task.paths.join(", ")}`;
    case "backup":
      return `back ${task.target.database} up`;
    case "restore":
      return `restore ${task.target.database} from its backup (sluice backup list)`;
    default:
      return assertNever(task);
  }
};

/** It names the release where there is one: typed in later than it was read, it must not go on to
 * the release before that. */
export const rollbackCommand = (
  { service, environment }: LaneKey,
  to: ReleaseId | null,
  tier: RollbackTier,
): string => {
  const named = to === null ? "" : ` --to ${versionOf(to)}`;
  return `sluice rollback ${service} ${environment}${named} --tier ${tier}`;
};

// How a run ended, in words. One place, so that lists, trees and live lines say the same.

import type { Outcome, RunBrief, RunView } from "../../api/contract/runs.ts";
import { clock, duration, version } from "./amounts.ts";
import type { Ink } from "./paint.ts";

const WORDS: Readonly<
  Record<Outcome, { readonly mark: string; readonly ink: Ink; readonly word: string }>
> = {
  succeeded: { mark: "✔", ink: "green", word: "succeeded" },
  rolledBack: { mark: "↩", ink: "red", word: "rolled back" },
  aborted: { mark: "↩", ink: "yellow", word: "aborted" },
  superseded: { mark: "–", ink: "dim", word: "superseded" },
  failed: { mark: "✖", ink: "red", word: "failed" },
};

export const outcomeInk = (outcome: Outcome): { readonly mark: string; readonly ink: Ink } =>
  WORDS[outcome];

export const outcomeWord = (outcome: Outcome): string => WORDS[outcome].word;

/** `succeeded: 1.1.0 has all traffic`, `rolled back: 1.0.0 has all traffic`. */
export const outcomeText = (
  run: Pick<RunBrief, "outcome" | "release" | "from" | "weight">,
): string => {
  if (run.outcome === null) return "";
  const word = outcomeWord(run.outcome);
  if (run.outcome === "succeeded") return `${word}: ${version(run.release)} has all traffic`;
  if (run.outcome === "superseded") return `${word}: another release took its place`;
  if (run.from !== null && run.weight === 0) return `${word}: ${version(run.from)} has all traffic`;
  return word;
};

/** Where a run that has not settled stands. */
export const phaseWord = (run: Pick<RunBrief, "phase" | "hold" | "frozen" | "stalled">): string => {
  if (run.stalled !== null) return "stalled";
  if (run.hold !== null) return "held";
  if (run.frozen !== null) return "frozen";
  if (run.phase === "back") return "going back";
  return run.phase === "queued" ? "queued" : "under way";
};

/** `rolled back at 11:59:58Z after 1 m 58 s, 2 s from the trigger: 1.0.0 has all traffic`. */
export const endText = (view: RunView): string => {
  if (view.outcome === null || view.settledAt === null) return outcomeText(view);
  const at = ` at ${clock(view.settledAt)} after ${duration(view.settledAt - view.createdAt)}`;
  const timed = view.breach !== null && view.weight === 0 && hasTurned(view);
  const back = timed ? `, ${duration(view.settledAt - view.breach.at)} from the trigger` : "";
  const [word = "", ...rest] = outcomeText(view).split(": ");
  // Its members have the traffic, each its own.
  const where = view.strategy === "train" ? [] : rest;
  return [`${word}${at}${back}`, ...where].join(": ");
};

/** False: it ended where nothing had been touched, so there was nothing to go back from. */
export const hasTurned = ({ back }: Pick<RunView, "back">): boolean =>
  back.some(({ state }) => state !== "skipped");

// What an emergency may expect of its lane: nothing that is ordinary and has not begun stands
// before it, neither at its gate nor in the queue.

import type { Broken } from "../core/checks.ts";
import type { Instant, RunId } from "../core/ids.ts";
import { laneName } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import type { Journal } from "./journal.ts";

interface Seen {
  /** All that was ever created, as committed. */
  readonly runs: ReadonlyMap<RunId, Run>;
  /** When the run was read. */
  readonly loadedAt: Instant;
}

/** `run`: as it was before this commit. */
export const keptWaiting = (
  { decision, at }: Commit,
  run: Run,
  { runs, loadedAt }: Seen,
): readonly Broken[] => {
  const is = decision.run.state;
  if (is.kind !== "forward" || lasts(run, at) || run.origin.kind === "rollback") return [];
  const before = run.state.kind === "queued" || atFirstGates(run);
  if (!before) return [];
  const stands = (other: Run): boolean =>
    other.id !== run.id &&
    other.state.kind === "queued" &&
    laneName(other) === laneName(run) &&
    other.createdAt < loadedAt &&
    lasts(other, at);
  const waits = runs.values().find(stands);
  if (waits === undefined) return [];
  const how = run.state.kind === "queued" ? "takes the lane" : "stays at its gate";
  return [named("emergency-goes-first", `${run.id} ${how} before the emergency ${waits.id}`)];
};

const lasts = ({ origin }: Run, at: Instant): boolean =>
  origin.emergency !== null && at < origin.emergency.until;

const atFirstGates = ({ state, plan, touchedAt }: Run): boolean =>
  state.kind === "forward" &&
  touchedAt === null &&
  plan.steps.slice(0, state.step + 1).every(({ kind }) => kind === "gate");

/** Rare, and worth to be seen happening. */
export const noticedEmergency = ({ before, decision }: Commit, journal: Journal): void => {
  const { run, waiting, facts } = before;
  const type = decision.events.map((event) => event.type);
  if (run.origin.emergency !== null && type.includes("run.began")) {
    journal.rare("emergency began");
  }
  const superseded = decision.run.settled?.outcome === "superseded" && run.settled === null;
  const urgent = waiting.some(({ emergencyUntil }) => emergencyUntil !== null);
  if (superseded && urgent && atFirstGates(run)) journal.rare("made way for an emergency");
  const told = facts.some(
    (fact) =>
      fact.kind === "abort" && fact.seq > run.factsSeen && SENT_BACK.test(fact.reason ?? ""),
  );
  if (told && decision.run.state.kind === "back") journal.rare("sent back for an emergency");
};

const SENT_BACK = /^makes way for the emergency/u;

// The judge of a simulated run: holds every commit, order and instant against the named invariants
// and against the truth that the engine cannot see. Whatever it finds fails the seed.

import { broken, LANE_CHECKS, type Broken } from "../core/checks.ts";
import type { EffectKey, EffectOutcome } from "../core/effect.ts";
import type { Fact } from "../core/fact.ts";
import type { Instant, RunId } from "../core/ids.ts";
import { SLOTS, type Lane, type LaneKey } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import { takesTrainBack } from "../core/train/train-back.ts";
import type { Commit } from "../ports/store.ts";
import type { TaskEffect } from "../ports/tasks.ts";
import { Undecided } from "../shell/pass.ts";
import { admissionWatch } from "./admission-watch.ts";
import { alertWatch } from "./alert-truth.ts";
import { ambush } from "./ambush.ts";
import { backupWatch } from "./backup-watch.ts";
import { auditBroken, commitBroken, decisionBroken, named, newlyGood } from "./commit-checks.ts";
import { noticed } from "./coverage.ts";
import type { Moment } from "./gate-view.ts";
import type { Judge } from "./judge.ts";
import { commitText, whyText } from "./order-text.ts";
import { keptWaiting } from "./emergency-truth.ts";
import { orderWatch, type OrderWatch } from "./order-watch.ts";
import { Outage } from "./outage.ts";
import { reachedStep } from "./reached.ts";
import { returnBroken } from "./return-truth.ts";
import { roseFrozen, turnedAlone, undoneTwice } from "./turn-truth.ts";
import { undoWatch } from "./undo-watch.ts";
import type { Sight } from "./sight.ts";
import { tierBroken } from "./tier-truth.ts";
import { unfired } from "./trigger-truth.ts";
import { misjudged, unfit } from "./truth.ts";
import { trainWatch } from "./train-truth.ts";
import type { Universe } from "./universe.ts";
import type { QualityOf } from "./world/quality.ts";

interface Options {
  readonly universe: () => Universe;
  readonly nextWake: (run: RunId) => Instant | null;
  readonly qualityOf: QualityOf;
}

export const oracle = (options: Options): Judge => {
  const { universe } = options;
  const failures: string[] = [];
  const broke = ({ name, sentence }: Broken): void => {
    const text = `${name}: ${sentence}`;
    if (!failures.includes(text)) universe().journal.note("ORACLE", () => text);
    if (!failures.includes(text)) failures.push(text);
  };
  const orders = orderWatch(universe, broke);
  const gates = admissionWatch(universe);
  const trains = trainWatch(universe);
  const alerts = alertWatch();
  const words = new Map<RunId, Fact>();
  let dirty = false;
  return {
    ...workWatch([gates, undoWatch(universe), backupWatch(universe)], orders, broke),
    failures,
    broke,
    threw: (error) => defectOf(error).forEach(broke),
    said: (fact) => {
      alerts.said(fact);
      const turns = fact.kind === "abort" || fact.kind === "rollback";
      const full = fact.kind === "rollback" && fact.tier === "full";
      // Behind a point of no return only one word is heard.
      if (universe().ledger.crossed(fact.run) !== null && !full) return void (dirty = true);
      if (turns && !words.has(fact.run)) words.set(fact.run, fact);
      dirty = true;
    },
    ordered: (key, body, outcome) => {
      dirty = true;
      if (outcome.kind === "applied") gates.touches(key.run, body.kind).forEach(broke);
      return orders.ordered(key, body, outcome);
    },
    committed: (life, commit, sight, result) => {
      const { journal, ledger, metrics, book } = universe();
      if (result.kind === "conflict") return journal.rare("compare-and-set conflict");
      dirty = true;
      const { run, effects } = result;
      const previous = ledger.runs.get(run.id);
      ledger.committed(run, effects);
      journal.note(
        "store",
        () => commitText(commit, effects),
        () => whyText(commit),
      );
      if (previous !== undefined) {
        gates.committed(commit, previous, sight).forEach(broke);
        turnBroken(universe(), commit, previous, sight).forEach(broke);
      }
      book.knows(run.environment, commit.decision.lane.knownGood, universe().time.now());
      noticed(commit, sight, journal);
      [...commitBroken(commit, previous, run), ...decisionBroken(commit, sight)].forEach(broke);
      misjudged(commit, sight, metrics).forEach(broke);
      const { plan } = previous ?? run;
      if (ledger.crossed(run.id) === null) unfired(commit, sight, metrics, plan).forEach(broke);
      if (ledger.crossed(run.id) === null) alerts.committed(commit, sight, plan).forEach(broke);
      if (newlyGood(commit)) unfit(run.plan, options.qualityOf).forEach(broke);
      const deaf = unheard(run, words.get(run.id), sight.loadedAt);
      [...trains.committed(commit, sight), ...deaf].forEach(broke);
      ambush(universe(), life, commit, effects);
    },
    look: () => {
      if (!dirty) return null;
      dirty = false;
      return lookAround(options, broke);
    },
    audit: async () => (await auditBroken(universe().store)).forEach(broke),
  };
};

const defectOf = (error: Error): readonly Broken[] => {
  if (error instanceof Outage || error instanceof Undecided) return [];
  const where = (error.stack ?? "").split("\n")[1] ?? "";
  return [named("no-defect", `${error.message}${where.replace(/\s+/u, " ")}`)];
};

interface Watch {
  begun(key: EffectKey, task: TaskEffect): readonly Broken[];
  performed(key: EffectKey, task: TaskEffect, outcome: EffectOutcome): void;
}

/** Work that happens once has several watchers. */
const workWatch = (
  watches: readonly Watch[],
  orders: OrderWatch,
  broke: Judge["broke"],
): Pick<Judge, "begun" | "performed"> => ({
  begun: (key, task) => {
    for (const watch of watches) watch.begun(key, task).forEach(broke);
    orders.begun(key, task);
  },
  performed: (key, task, outcome) => {
    for (const watch of watches) watch.performed(key, task, outcome);
    orders.performed(key, task, outcome);
  },
});

const turnBroken = (
  universe: Universe,
  commit: Commit,
  run: Run,
  sight: Sight,
): readonly Broken[] => {
  const { book, ledger } = universe;
  const { loadedAt } = sight;
  const moment: Moment = { run, book, loadedAt, at: commit.at, checked: new Set() };
  const alone = turnedAlone(commit, moment, ledger);
  const kept = keptWaiting(commit, run, { runs: ledger.runs, loadedAt });
  const asked = tierBroken(universe, commit, run);
  const returned = [...returnBroken(universe, commit, run, sight), ...asked];
  return [...roseFrozen(commit, moment), ...alone, ...undoneTwice(commit), ...kept, ...returned];
};

/** Whoever read the run after the word was said knows of it. */
const unheard = (run: Run, word: Fact | undefined, loadedAt: Instant): readonly Broken[] => {
  if (word === undefined || word.at >= loadedAt) return [];
  if (run.state.kind !== "forward" || run.settled !== null) return [];
  // It heard it behind a point of no return of one of its members, or goes back already.
  if (run.plan.strategy === "train" && run.noReturn !== null) return [];
  if (takesTrainBack(run.plan)) return [];
  // The traffic of a rollback is where it should be: what it takes back is not broken off.
  const reached = reachedStep(run)?.kind;
  if (run.plan.strategy === "rollback" && (reached === "task" || reached === "retire")) return [];
  // A rollback is turned round by no other: it hurries.
  if (run.plan.strategy === "rollback" && word.kind === "rollback") return [];
  return [named("word-is-heard", `${run.id} goes on after ${word.kind} by ${word.by}`)];
};

const lookAround = async (options: Options, broke: Judge["broke"]): Promise<void> => {
  for (const lane of await options.universe().store.lanes.all()) {
    lookAt(options, lane).forEach(broke);
  }
};

const isIn = (run: LaneKey, lane: LaneKey): boolean =>
  run.service === lane.service && run.environment === lane.environment;

const lookAt = ({ universe, nextWake }: Options, lane: Lane): readonly Broken[] => {
  const { ledger, target, router, time } = universe();
  const own: Run[] = [];
  for (const run of ledger.runs.values()) if (isIn(run, lane)) own.push(run);
  const view = {
    now: time.now(),
    lane,
    runs: own.map((run) => ({ run, wakeAt: nextWake(run.id) })),
    target: target.observe(lane),
    router: router.peek(lane),
  };
  const bare = SLOTS.find(
    (slot) => view.router.weights[slot] > 0 && view.target.slots[slot].wanted.length === 0,
  );
  // A recreate takes everything down before the first new instance comes.
  const inPlace = own.some((run) => reachedStep(run)?.kind === "replace");
  const found = broken(LANE_CHECKS, view);
  if (bare === undefined || inPlace) return found;
  const sentence = `${bare} has traffic and nothing shall be there`;
  return [...found, named("traffic-has-a-place", sentence)];
};

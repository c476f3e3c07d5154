// The judge of a simulated run: holds every commit, order and instant against the named invariants
// and against the truth that the engine cannot see. Whatever it finds fails the seed.

import { broken, LANE_CHECKS, type Broken } from "../core/checks.ts";
import type { Fact } from "../core/fact.ts";
import type { Instant, RunId } from "../core/ids.ts";
import { laneName, SLOTS, type Lane } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import { Undecided } from "../shell/pass.ts";
import { ambush } from "./ambush.ts";
import { auditBroken, commitBroken, decisionBroken, named, newlyGood } from "./commit-checks.ts";
import { noticed } from "./coverage.ts";
import type { Judge } from "./judge.ts";
import { commitText, whyText } from "./order-text.ts";
import { orderWatch } from "./order-watch.ts";
import { Outage } from "./outage.ts";
import { reachedStep } from "./reached.ts";
import { unfired } from "./trigger-truth.ts";
import { misjudged, unfit } from "./truth.ts";
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
    if (failures.includes(text)) return;
    failures.push(text);
    universe().journal.note("ORACLE", () => text);
  };
  const orders = orderWatch(universe, broke);
  const words = new Map<RunId, Fact>();
  let dirty = false;
  return {
    ...orders,
    failures,
    broke,
    threw: (error) => {
      if (error instanceof Outage || error instanceof Undecided) return;
      const where = (error.stack ?? "").split("\n")[1] ?? "";
      broke(named("no-defect", `${error.message}${where.replace(/\s+/u, " ")}`));
    },
    said: (fact) => {
      const turns = fact.kind === "abort" || fact.kind === "rollback";
      if (turns && !words.has(fact.run)) words.set(fact.run, fact);
      dirty = true;
    },
    ordered: (key, body, outcome) => {
      dirty = true;
      return orders.ordered(key, body, outcome);
    },
    committed: (life, commit, sight, result) => {
      const { journal, ledger, metrics } = universe();
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
      noticed(commit, sight, journal);
      commitBroken(commit, previous, run).forEach(broke);
      decisionBroken(commit, sight).forEach(broke);
      misjudged(commit, sight, metrics).forEach(broke);
      unfired(commit, sight, metrics, previous?.plan ?? run.plan).forEach(broke);
      if (newlyGood(commit)) unfit(run.plan, options.qualityOf).forEach(broke);
      unheard(run, words.get(run.id), sight.loadedAt).forEach(broke);
      ambush(universe(), life, commit, effects);
    },
    look: async () => {
      if (!dirty) return;
      dirty = false;
      for (const lane of await universe().store.lanes.all()) lookAt(options, lane).forEach(broke);
    },
    audit: async () => (await auditBroken(universe().store)).forEach(broke),
  };
};

/** Whoever read the run after the word was said knows of it. */
const unheard = (run: Run, word: Fact | undefined, loadedAt: Instant): readonly Broken[] => {
  if (word === undefined || word.at >= loadedAt) return [];
  if (run.state.kind !== "forward" || run.settled !== null) return [];
  return [named("word-is-heard", `${run.id} goes on after ${word.kind} by ${word.by}`)];
};

const lookAt = ({ universe, nextWake }: Options, lane: Lane): readonly Broken[] => {
  const { ledger, target, router, time } = universe();
  const own = [...ledger.runs.values()].filter((run) => laneName(run) === laneName(lane));
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

// The judge of a simulated run: holds every commit, order and instant against the named invariants
// and against the truth that the engine cannot see. Whatever it finds fails the seed.

import { broken, LANE_CHECKS, type Broken } from "../core/checks.ts";
import type { Effect, EffectBody, EffectKey, EffectOutcome } from "../core/effect.ts";
import { effectId } from "../core/effect.ts";
import type { Fact } from "../core/fact.ts";
import type { Instant, RunId } from "../core/ids.ts";
import { laneName, SLOTS, type Lane } from "../core/lane.ts";
import type { Commit, RunStore } from "../ports/store.ts";
import type { TaskEffect } from "../ports/tasks.ts";
import { ambush } from "./ambush.ts";
import { Undecided } from "../shell/pass.ts";
import { auditBroken, commitBroken, decisionBroken, named, newlyGood } from "./commit-checks.ts";
import { noticed } from "./coverage.ts";
import { Outage } from "./outage.ts";
import type { Sight } from "./parts.ts";
import { reachedStep } from "./reached.ts";
import { misjudged, unfit } from "./truth.ts";
import type { Universe } from "./universe.ts";
import type { Life } from "./wire.ts";
import type { QualityOf } from "./world/quality.ts";

export interface Oracle {
  /** Sentences, each beginning with the name of what was broken. */
  readonly failures: readonly string[];
  broke(what: Broken): void;
  /** What a job ended with. An outage is the world's; anything else is a defect. */
  threw(error: Error): void;
  said(fact: Fact): void;
  ordered(key: EffectKey, body: EffectBody, outcome: EffectOutcome): EffectOutcome;
  begun(key: EffectKey, task: TaskEffect): void;
  /** How a task that was begun really ended, as far as its replica could see. */
  performed(key: EffectKey, task: TaskEffect, outcome: EffectOutcome): void;
  committed(life: Life, commit: Commit, sight: Sight, result: Committed): void;
  /** To be called after each event. */
  look(): Promise<void>;
  /** To be called once, when all is over. */
  audit(): Promise<void>;
}

export type Committed = Awaited<ReturnType<RunStore["commit"]>>;

interface Options {
  readonly universe: () => Universe;
  readonly nextWake: (run: RunId) => Instant | null;
  readonly qualityOf: QualityOf;
}

export const oracle = ({ universe, nextWake, qualityOf }: Options): Oracle => {
  const failures: string[] = [];
  const taken = new Map<string, number>();
  const begun = new Set<string>();
  /** By run and step: the task that was begun and did not certainly fail. */
  const open = new Map<string, string>();
  const turns = new Map<RunId, Fact>();
  let dirty = false;
  const broke = ({ name, sentence }: Broken): void => {
    const text = `${name}: ${sentence}`;
    if (failures.includes(text)) return;
    failures.push(text);
    universe().journal.note("ORACLE", () => text);
  };

  const lookAt = (lane: Lane): void => {
    const { ledger, target, router, time } = universe();
    const own = [...ledger.runs.values()].filter((run) => laneName(run) === laneName(lane));
    const view = {
      now: time.now(),
      lane,
      runs: own.map((run) => ({ run, wakeAt: nextWake(run.id) })),
      target: target.observe(lane),
      router: router.peek(lane),
    };
    broken(LANE_CHECKS, view).forEach(broke);
    const bare = SLOTS.find(
      (slot) => view.router.weights[slot] > 0 && view.target.slots[slot].wanted.length === 0,
    );
    // A recreate takes everything down before the first new instance comes.
    const inPlace = own.some((run) => reachedStep(run)?.kind === "replace");
    if (bare !== undefined && !inPlace) {
      broke(named("traffic-has-a-place", `${bare} has traffic and nothing shall be there`));
    }
  };

  return {
    failures,
    broke,
    threw: (error) => {
      if (!(error instanceof Outage || error instanceof Undecided)) broke(named("no-defect", error.stack ?? error.message));
    },
    said: (fact) => {
      if (fact.kind === "abort" || fact.kind === "rollback") {
        if (!turns.has(fact.run)) turns.set(fact.run, fact);
      }
      dirty = true;
    },
    ordered: (key, body, outcome) => {
      const { ledger, journal } = universe();
      dirty = true;
      const name = `${body.kind} ${laneName(key)}`;
      journal.note("world", () => `${effectId(key)} ${orderText(body)}: ${outcome.kind}`);
      if (outcome.kind === "refused") journal.rare(`stale ${body.kind} refused`);
      if (outcome.kind !== "applied") return outcome;
      if (!ledger.ordered(key, body)) {
        broke(named("effect-was-committed", `nobody decided ${effectId(key)}`));
      }
      const highest = taken.get(name) ?? 0;
      if (key.generation < highest) {
        broke(named("generation-fence", `${name} took ${key.generation} after ${highest}`));
      }
      taken.set(name, Math.max(highest, key.generation));
      return outcome;
    },
    begun: (key, task) => {
      const { journal, ledger } = universe();
      const id = effectId(key);
      journal.note("world", () => `task ${task.step} begins, attempt ${task.attempt}, ${id}`);
      if (begun.has(id)) {
        journal.rare("task begun again");
        if (!task.repeatable) broke(named("once-only", `${id} was begun twice`));
      }
      begun.add(id);
      const earlier = open.get(`${key.run} ${task.step}`);
      if (!task.repeatable && earlier !== undefined && earlier !== id) {
        broke(named("once-only", `${id} begins, and nobody knows how ${earlier} ended`));
      }
      open.set(`${key.run} ${task.step}`, id);
      if (!ledger.ordered(key, task)) {
        broke(named("effect-was-committed", `nobody decided ${id}`));
      }
    },
    performed: (key, task, outcome) => {
      if (outcome.kind === "refused") open.delete(`${key.run} ${task.step}`);
    },
    committed: (life, commit, sight, result) => {
      const { journal, ledger } = universe();
      if (result.kind === "conflict") return journal.rare("compare-and-set conflict");
      dirty = true;
      const previous = ledger.runs.get(result.run.id);
      const { run, effects } = result;
      ledger.committed(run, effects);
      journal.note("store", () => commitText(commit, effects), () => whyText(commit));
      noticed(commit, sight, journal);
      ambush(universe(), life, commit, effects);
      commitBroken(commit, previous, run).forEach(broke);
      decisionBroken(commit, sight).forEach(broke);
      const mistake = misjudged(commit, sight, universe().metrics);
      if (mistake !== null) broke(mistake);
      const gate = newlyGood(commit) ? unfit(run.plan.steps, qualityOf(run.plan.release.id)) : null;
      if (gate !== null) {
        broke(named("bad-never-stable", `${run.plan.release.id} really fails ${gate.text}`));
      }
      const turn = turns.get(run.id);
      const heard = run.state.kind !== "forward" || run.settled !== null;
      if (turn !== undefined && turn.at < sight.loadedAt && !heard) {
        broke(named("word-is-heard", `${run.id} goes on after ${turn.kind} by ${turn.by}`));
      }
    },
    look: async () => {
      if (!dirty) return;
      dirty = false;
      for (const lane of await universe().store.lanes.all()) lookAt(lane);
    },
    audit: async () => {
      (await auditBroken(universe().store)).forEach(broke);
    },
  };
};

const orderText = (body: EffectBody): string => {
  if (body.kind === "route") return `route blue ${body.weights.blue} green ${body.weights.green}`;
  if (body.kind !== "apply") return body.kind;
  const cohorts = body.spec.cohorts.map((c) => `${c.instances} × ${c.release.id}`).join(" + ");
  return `apply ${body.spec.slot}: ${cohorts === "" ? "nothing" : cohorts}`;
};

const commitText = ({ decision }: Commit, effects: readonly Effect[]): string => {
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

const whyText = ({ decision }: Commit): string =>
  decision.run.because.map(({ text }) => text).join("; ");

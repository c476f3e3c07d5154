// What simulated people say, and what they do: straight into the store, as the API would put it.

import type { Answers } from "../core/admission/rule.ts";
import type { FactBody } from "../core/fact.ts";
import type { Actor, RunId } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Run } from "../core/run.ts";
import type { Step } from "../core/step.ts";
import { deploy } from "../shell/operations/begin.ts";
import { rollBack as rollBackByHand } from "../shell/operations/roll-back.ts";
import type { Chance } from "./prng.ts";
import { stalled, unfinished } from "./reached.ts";
import { CAREFUL, CARETAKER } from "./roster.ts";
import { freeze } from "./standing-words.ts";
import { BEGINNING } from "./timeline.ts";
import type { Universe } from "./universe.ts";

export const say = async (
  { store, time, oracle, journal }: Universe,
  run: RunId,
  by: Actor,
  fact: FactBody,
): Promise<void> => {
  const said = await store.runs.say(run, by, time.now(), fact);
  journal.note(by, () => `says ${fact.kind} to ${run}`);
  if (said !== null) oracle.said(said);
};

export const approve = (
  universe: Universe,
  run: Run,
  step: string,
  by: Actor,
  how: {
    readonly planHash?: string;
    readonly verdict?: "approve" | "reject";
    /** With what the rule may ask for along with it. */
    readonly answered?: boolean;
  } = {},
): Promise<void> => {
  const { planHash = run.plan.hash, verdict = "approve", answered = true } = how;
  const answers: Answers = answered ? { ticket: "T-1" } : {};
  const word = { kind: "approval", step, planHash, verdict, reason: null, answers } as const;
  return say(universe, run.id, by, word);
};

export const answer = (
  universe: Universe,
  run: Run,
  step: Step,
  by: Actor,
  verdict: "done" | "failed",
): Promise<void> => {
  // Who vouches for a release in a bake has looked at it.
  const honest = step.kind === "bake" && !isGood(universe, run) ? "failed" : verdict;
  const text = "I looked";
  return say(universe, run.id, by, { kind: "answer", step: step.id, text, verdict: honest });
};

const isGood = ({ scenario }: Universe, { plan }: Run): boolean =>
  scenario.arrivals.some(({ release, kind }) => release.id === plan.release.id && kind === "good");

/** A step that somebody may answer in place of the machine. */
export const mayAnswer = (run: Run, step: Step): boolean =>
  step.kind === "manual" ||
  ((step.kind === "task" || step.kind === "bake") && stalled(run)) ||
  (step.kind === "train" && step.way === "back" && stalled(run));

const MOODS = [
  "hold",
  "hold",
  "abort",
  "abort",
  "rollback",
  "rollback",
  "alert",
  "freeze",
  "freeze",
  "emergency",
  "emergency",
] as const;

/** Holds it, stops it, takes it back, or raises an alarm over it. */
export const interfere = async (universe: Universe, run: Run, chance: Chance): Promise<void> => {
  const { time } = universe;
  const by = chance.pick(CAREFUL);
  // In keep-warm only a rollback is of any use, and even that mostly is somebody's mistake.
  const kept = run.settled !== null && chance.hit(0.5);
  const mood = kept ? "rollback" : chance.pick(MOODS);
  const soon = (most: number, fact: FactBody): void => {
    time.after(chance.int(1, most) * 1000, () => void say(universe, run.id, by, fact));
  };
  switch (mood) {
    case "hold":
      await say(universe, run.id, by, { kind: mood, reason: "let me look" });
      if (chance.hit(0.8)) soon(90, { kind: "resume" });
      return;
    case "abort":
      await say(universe, run.id, by, { kind: mood, reason: "stop it" });
      if (chance.hit(0.2)) soon(2, { kind: mood, reason: "stop it, again" });
      return;
    case "rollback":
      return await rollBack(universe, run, by, chance);
    case "alert": {
      const alert = { kind: mood, name: "pager", severity: "critical" } as const;
      await say(universe, run.id, by, { ...alert, status: "firing" });
      soon(60, { ...alert, status: "resolved" });
      return;
    }
    case "freeze":
      if (chance.hit(0.8)) {
        const held = { kind: "hold", reason: "I look at it as well" } as const;
        if (chance.hit(0.5)) soon(10, held);
        else await say(universe, run.id, by, held);
        if (chance.hit(0.3)) soon(300, { kind: "resume" });
      }
      return await freeze(universe, by, run.environment, chance);
    case "emergency":
      return await breakGlass(universe, run, by, chance);
  }
};

/** Past windows and freezes: mostly what everybody waits for, and any release that is there. */
const breakGlass = async (
  universe: Universe,
  { service, environment, plan }: Run,
  by: Actor,
  chance: Chance,
): Promise<void> => {
  const { journal, desk, time, scenario } = universe;
  if (chance.hit(0.3)) await freeze(universe, by, environment, chance);
  const here = scenario.arrivals.filter(({ afterMs }) => BEGINNING + afterMs < time.now());
  if (here.length === 0) return;
  const release = chance.hit(0.5) ? plan.release.id : chance.pick(here).release.id;
  try {
    const supersede = chance.hit(0.3);
    const asked = {
      service,
      environment,
      release,
      by,
      reason: "it burns",
      emergency: true,
      supersede,
    };
    await deploy(desk, asked);
    journal.note(by, () => `deploys ${release} to ${environment} as an emergency`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    journal.rare(`refused ${error.code}`);
  }
};

/** The one command for an emergency, while the run is on its way already. */
export const hasten = async (universe: Universe, run: Run): Promise<void> => {
  const { service, environment } = run;
  const asked = { service, environment, by: CARETAKER, reason: "at once", to: null } as const;
  try {
    await rollBackByHand(universe.desk, { ...asked, tier: "gradual", now: true });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    universe.journal.rare(`refused ${error.code}`);
  }
};

/** To the last known good, or to any release by name; what may not be is refused. */
const rollBack = async (
  { store, journal, desk }: Universe,
  run: Run,
  by: Actor,
  chance: Chance,
): Promise<void> => {
  const { service, environment } = run;
  const lane = await store.lanes.get(run);
  const named = lane !== null && lane.knownGood.length > 0 && chance.hit(0.5);
  const to = named ? chance.pick(lane.knownGood).release : null;
  const tier = chance.pick([null, "immediate", "gradual", "full", "full"] as const);
  try {
    const now = named && tier === "gradual";
    const request = { service, environment, by, reason: "take it back", to, tier, now };
    await rollBackByHand(desk, request);
    journal.note(by, () => `rolls ${environment} back to ${to ?? "the last known good"}`);
    if (run.settled !== null && unfinished(run)) journal.rare("rollback asked for in keep-warm");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    journal.rare(`refused ${error.code}`);
  }
};

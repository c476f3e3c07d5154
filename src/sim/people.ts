// The simulated people: when they look, and at what. They approve, answer, hold, abort, roll back,
// and get in each other's way; in the end one of them answers whatever still waits.

import { deadlinesIn } from "../core/admission/dated-gates.ts";
import type { FactBody } from "../core/fact.ts";
import type { RunId } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import { attendGate, openGate } from "./gate-words.ts";
import type { Chance } from "./prng.ts";
import { reachedStep, stalled, unfinished } from "./reached.ts";
import { APPROVERS, CARETAKER, SCANNER } from "./roster.ts";
import { liftAll, report } from "./standing-words.ts";
import type { Universe } from "./universe.ts";
import { answer, hasten, interfere, mayAnswer, say } from "./words.ts";

export interface People {
  /** They begin to do as they please. */
  start(): void;
  /** One of them may say something within the next moments: the run has just entered a step. */
  interrupt(run: Run): void;
  /** One of them answers everything that waits for a person. */
  care(): Promise<void>;
  /** One of them ends every freeze. */
  lift(): Promise<void>;
}

const INTERRUPT_CHANCE = 0.04;
/** When all is done it is too late, which is why somebody has to try. */
const LATE_CHANCE = 0.8;
const INTERRUPT_WITHIN_MS = 400;
/** Somebody has no patience with a way back by shares. */
const HASTE_CHANCE = 0.8;
const HASTE_WITHIN_MS = 4_000;
const SCAN_CHANCE = 0.7;
const SCAN_WITHIN_MS = 10_000;
/** So often a run is cared for before it is given up. */
const PATIENCE = 20;

/** Haste and scans are streams of their own: what else people do stays as it is. */
export const people = (universe: () => Universe, stream: (name: string) => Chance): People => {
  const [chance, haste, scans] = [stream("people"), stream("haste"), stream("scans")];
  const busy = chance.pick([0, 0, 1, 3]);
  /** Whom somebody has cared for, each time. */
  const cares: RunId[] = [];
  const runs = (): readonly Run[] => [...universe().ledger.runs.values()];
  const again = (lowS: number, highS: number, what: () => Promise<void>): void => {
    const { time, faults } = universe();
    time.after(chance.int(lowS * 1000, highS * 1000), () => {
      if (faults.healed()) return;
      void what();
      again(lowS, highS, what);
    });
  };
  const act = async (): Promise<void> => {
    const all = chance.hit(0.1) ? runs() : runs().filter(unfinished);
    if (all.length > 0) await interfere(universe(), chance.pick(all), chance);
  };
  const attend = async (): Promise<void> => {
    for (const run of runs().filter(unfinished)) {
      if (chance.hit(0.4)) await attendTo(universe(), run, chance);
    }
  };
  return {
    interrupt: (run) => {
      scanAt(universe, run, scans);
      const shares = run.state.kind === "back" && reachedStep(run)?.kind === "bake";
      if (shares && haste.hit(HASTE_CHANCE)) {
        universe().time.after(haste.int(0, HASTE_WITHIN_MS), () => void hasten(universe(), run));
      }
      const likely = run.settled === null ? INTERRUPT_CHANCE : LATE_CHANCE;
      if (busy === 0 || !chance.hit(likely)) return;
      const inMs = chance.int(0, INTERRUPT_WITHIN_MS);
      universe().time.after(inMs, () => void interfere(universe(), run, chance));
    },
    start: () => {
      if (busy > 0) again(5, 240 / busy, act);
      if (chance.hit(0.9)) again(2, 15, attend);
    },
    care: async () => {
      for (const run of runs().filter(unfinished)) {
        await careFor(universe(), run, chance, cares);
        cares.push(run.id);
      }
    },
    lift: () => liftAll(universe(), CARETAKER),
  };
};

/** Where a gate asks how long findings are known, a scanner soon tells of some. */
const scanAt = (universe: () => Universe, run: Run, scans: Chance): void => {
  const step = reachedStep(run);
  const asks = step?.kind === "gate" && step.rules.some((rule) => deadlinesIn(rule).length > 0);
  if (!asks || !scans.hit(SCAN_CHANCE)) return;
  const { time, faults } = universe();
  time.after(scans.int(0, SCAN_WITHIN_MS), () => {
    if (!faults.healed()) void report(universe(), SCANNER, run.plan.release.id, "dated");
  });
};

/** Approvals and answers, some of which must not count. */
const attendTo = async (universe: Universe, run: Run, chance: Chance): Promise<void> => {
  const step = reachedStep(run);
  if (step === null) return;
  if (step.kind === "gate") return await attendGate(universe, run, step, chance);
  const by = chance.pick(APPROVERS);
  if (mayAnswer(run, step) && (step.kind === "manual" || chance.hit(0.3))) {
    await answer(universe, run, step, by, chance.hit(0.1) ? "failed" : "done");
  }
};

const careFor = async (
  universe: Universe,
  run: Run,
  chance: Chance,
  cares: readonly RunId[],
): Promise<void> => {
  const step = reachedStep(run);
  if (run.hold !== null) {
    return await say(universe, run.id, CARETAKER, { kind: "resume" });
  }
  // What goes back already has been given up; what it asks on the way is still to be answered.
  const tired = cares.filter((care) => care === run.id).length > PATIENCE;
  const goesBack = run.state.kind === "back" || (step?.kind === "train" && step.way === "back");
  if (tired && !goesBack) return await giveUp(universe, run);
  if (step?.kind === "gate") return await openGate(universe, run, step);
  if (step !== null && mayAnswer(run, step) && (step.kind !== "bake" || chance.hit(0.5))) {
    return await answer(universe, run, step, CARETAKER, "done");
  }
  if (stalled(run)) await giveUp(universe, run);
};

/** Behind a point of no return only a full rollback is heard. */
const giveUp = async (universe: Universe, run: Run): Promise<void> => {
  const reason = "it cannot go on";
  const word: FactBody =
    run.noReturn === null
      ? { kind: "abort", reason }
      : { kind: "rollback", to: null, reason, tier: "full" };
  await say(universe, run.id, CARETAKER, word);
};

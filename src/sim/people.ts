// The simulated people: they approve, answer, hold, abort, roll back, and get in each other's way.
// What they say goes straight into the store, as the API would put it there.

import type { FactBody } from "../core/fact.ts";
import type { Actor, RunId } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Run } from "../core/run.ts";
import { rollBack as rollBackByHand } from "../shell/operations/roll-back.ts";
import type { Chance } from "./prng.ts";
import { reachedStep, unfinished } from "./reached.ts";
import { APPROVERS, CARETAKER, STRANGER } from "./roster.ts";
import type { Universe } from "./universe.ts";

export interface People {
  /** They begin to do as they please. */
  start(): void;
  /** One of them may say something within the next moments: the run has just entered a step. */
  interrupt(run: Run): void;
  /** One of them answers everything that waits for a person. */
  care(): Promise<void>;
}

const CAREFUL: Actor[] = ["bob", "carol", "dave"] as Actor[];

export const people = (universe: () => Universe, chance: Chance): People => {
  const say = async (run: RunId, by: Actor, fact: FactBody): Promise<void> => {
    const { store, time, oracle, journal } = universe();
    const said = await store.runs.say(run, by, time.now(), fact);
    journal.note(by, () => `says ${fact.kind} to ${run}`);
    if (said !== null) oracle.said(said);
  };
  const open = (): readonly Run[] => [...universe().ledger.runs.values()].filter(unfinished);

  /** Who vouches for a release has looked at it. */
  const good = ({ plan }: Run): boolean =>
    universe().scenario.arrivals.some(
      ({ release, kind }) => release.id === plan.release.id && kind === "good",
    );

  const act = async (): Promise<void> => {
    const all = chance.hit(0.1) ? [...universe().ledger.runs.values()] : open();
    if (all.length > 0) await actOn(chance.pick(all));
  };

  const actOn = async (run: Run): Promise<void> => {
    const { time } = universe();
    const by = chance.pick(CAREFUL);
    // In keep-warm only a rollback is of any use, and even that mostly is somebody's mistake.
    const late = run.settled !== null && chance.hit(0.7);
    const kind = late ? "rollback" : chance.pick(["hold", "hold", "abort", "abort", "rollback", "rollback", "alert"] as const);
    switch (kind) {
      case "hold":
        await say(run.id, by, { kind, reason: "let me look" });
        if (chance.hit(0.8)) {
          time.after(chance.int(2, 90) * 1000, () => void say(run.id, by, { kind: "resume" }));
        }
        return;
      case "abort":
        await say(run.id, by, { kind, reason: "stop it" });
        if (chance.hit(0.2)) await say(run.id, by, { kind, reason: "stop it, again" });
        return;
      case "rollback":
        return await rollBack(run, by);
      case "alert": {
        const alert = { kind, name: "pager", severity: "critical" } as const;
        await say(run.id, by, { ...alert, status: "firing" });
        const resolved = { ...alert, status: "resolved" } as const;
        time.after(chance.int(1, 60) * 1000, () => void say(run.id, by, resolved));
        return;
      }
    }
  };

  /** To the last known good, or to any release by name; what may not be is refused. */
  const rollBack = async (run: Run, by: Actor): Promise<void> => {
    const { store, journal, ledger, desk } = universe();
    const { service, environment } = run;
    const lane = await store.lanes.get(run);
    const named = lane !== null && lane.knownGood.length > 0 && chance.hit(0.5);
    const to = named ? chance.pick(lane.knownGood).release : null;
    try {
      const begun = await rollBackByHand(desk, { service, environment, by, reason: "take it back", to });
      ledger.created(begun);
      journal.note(by, () => `rolls ${environment} back to ${to ?? "the last known good"}`);
      if (run.settled !== null && unfinished(run)) journal.rare("rollback asked for in keep-warm");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      journal.rare(`refused ${error.code}`);
    }
  };

  /** Approvals and answers, some of which must not count. */
  const attend = async (): Promise<void> => {
    for (const run of open()) {
      const step = reachedStep(run);
      if (step === null || !chance.hit(0.4)) continue;
      const by = chance.pick(APPROVERS);
      if (step.kind === "gate") {
        const junk = chance.hit(0.15);
        const verdict = chance.hit(0.08) ? "reject" : "approve";
        const planHash = junk && chance.hit(0.5) ? "sha256:another" : run.plan.hash;
        const who = junk ? STRANGER : by;
        await say(run.id, who, { kind: "approval", step: step.id, planHash, verdict, reason: null });
      }
      const vouches = (step.kind === "task" || step.kind === "bake") && stalled(run);
      if (step.kind === "manual" || (vouches && chance.hit(0.3))) {
        const verdict = chance.hit(0.1) || (step.kind === "bake" && !good(run)) ? "failed" : "done";
        await say(run.id, by, { kind: "answer", step: step.id, text: "I looked", verdict });
      }
    }
  };

  const again = (lowS: number, highS: number, what: () => Promise<void>): void => {
    const { time, faults } = universe();
    time.after(chance.int(lowS * 1000, highS * 1000), () => {
      if (faults.healed()) return;
      void what();
      again(lowS, highS, what);
    });
  };

  const careFor = async (run: Run): Promise<void> => {
    const step = reachedStep(run);
    if (run.hold !== null) return await say(run.id, CARETAKER, { kind: "resume" });
    if (step?.kind === "gate") {
      for (const by of CAREFUL) {
        const { hash } = run.plan;
        await say(run.id, by, { kind: "approval", step: step.id, planHash: hash, verdict: "approve", reason: null });
      }
      return;
    }
    const asks = step?.kind === "task" || (step?.kind === "bake" && chance.hit(0.5));
    if (step?.kind === "manual" || (step !== null && asks && stalled(run))) {
      const verdict = step.kind === "bake" && !good(run) ? "failed" : "done";
      return await say(run.id, CARETAKER, { kind: "answer", step: step.id, text: "seen to", verdict });
    }
    if (stalled(run)) await say(run.id, CARETAKER, { kind: "abort", reason: "it cannot go on" });
  };

  const busy = chance.pick([0, 0, 1, 3]);
  return {
    interrupt: (run) => {
      if (busy === 0 || !chance.hit(0.04)) return;
      universe().time.after(chance.int(0, 400), () => void actOn(run));
    },
    start: () => {
      if (busy > 0) again(5, 240 / busy, act);
      if (chance.hit(0.9)) again(2, 15, attend);
    },
    care: async () => {
      for (const run of open()) await careFor(run);
    },
  };
};

const stalled = ({ state }: Run): boolean =>
  (state.kind === "forward" || state.kind === "back") && state.stalled !== null;

// One simulated process of Sluice: it starts, works, stands still, is told to stop, dies and starts
// again with an empty memory. The production handlers do the work.

import { later, type RunId } from "../core/ids.ts";
import { carryOut } from "../shell/carry-out.ts";
import type { ShellParts } from "../shell/parts.ts";
import { pass } from "../shell/pass.ts";
import { sweep } from "../shell/sweep.ts";
import { oneAtATime } from "../shell/worker.ts";
import { jobParts } from "./parts.ts";
import type { Universe } from "./universe.ts";
import type { Life } from "./wire.ts";

export interface Replica {
  readonly name: string;
  /** Alive and not standing still: it takes work. */
  able(): boolean;
  /** Works until it is done, or gives the job back: because it failed, died or stood still. */
  wake(run: RunId, end: JobEnd): void;
  effect(id: string, end: JobEnd): void;
}

export interface JobEnd {
  readonly done: () => void;
  /** May be called though the job is still done in the end: a queue cannot know. */
  readonly giveBack: () => void;
}

const SWEEP_EVERY_MS = 10_000;
/** How long a dead worker's jobs stay its own. */
const JOB_LOST_MS = 20_000;
const RESTART_MS = [200, 20_000] as const;
const SKEW_MS = 400;
const LONGEST_PAUSE_MS = 60_000;
const LONGEST_STOP_MS = 5_000;
const REBOOT_CHANCE = 0.02;
const PAUSE_CHANCE = 0.05;

interface Process {
  readonly universe: Universe;
  readonly name: string;
  readonly life: Life;
  skewMs: number;
  /** Work under way. */
  readonly jobs: Set<JobEnd>;
  /** Told when the process stops. */
  readonly stops: Set<AbortController>;
  /** One pass of a run at a time, as in any replica. */
  readonly passes: (run: RunId) => Promise<void>;
}

export const startReplica = (universe: Universe, name: string): Replica => {
  let process = boot(universe, name, (next) => (process = next));
  return {
    name,
    able: () => process.life.alive && process.life.pausedUntil <= universe.time.now(),
    wake: (run, end) => begin(process, `pass of ${run}`, end, (own) => own.passes(run)),
    effect: (id, end) =>
      begin(process, `effect ${id}`, end, (own) =>
        work(own, (parts, signal) => carryOut(parts, id, signal)),
      ),
  };
};

/** Starts a process; `rebooted` is told of each one that comes after it. */
const boot = (universe: Universe, name: string, rebooted: (process: Process) => void): Process => {
  const { time, faults, chance, journal } = universe;
  const life: Life = {
    replica: name,
    alive: true,
    pausedUntil: time.now(),
    end: (why) => {
      if (!life.alive) return;
      life.alive = false;
      journal.note(name, () => `dies ${why}`);
      for (const { giveBack } of process.jobs) time.after(chance.int(0, JOB_LOST_MS), giveBack);
      process.jobs.clear();
      const [soonest, latest] = RESTART_MS;
      const restartMs = faults.healed() ? soonest : chance.int(soonest, latest);
      time.after(restartMs, () => rebooted(boot(universe, name, rebooted)));
    },
  };
  const process: Process = {
    universe,
    name,
    life,
    skewMs: skew(universe),
    jobs: new Set(),
    stops: new Set(),
    passes: oneAtATime((id) => work(process, (parts, signal) => pass(parts, id, signal))),
  };
  journal.note(name, () => "starts");
  time.after(chance.int(0, SWEEP_EVERY_MS), () => sweepFrom(process));
  return process;
};

const skew = ({ faults, chance }: Universe): number =>
  faults.on("clockJump") ? chance.int(-SKEW_MS, SKEW_MS) : 0;

/** Every few seconds: sweeps, and may meet what befalls processes. */
const sweepFrom = (process: Process): void => {
  const { universe, life } = process;
  const { time, faults, chance } = universe;
  if (!life.alive) return;
  if (life.pausedUntil <= time.now()) {
    const nothing = { done: () => undefined, giveBack: () => undefined };
    begin(process, "sweep", nothing, (own) => work(own, sweep));
    process.skewMs = skew(universe);
    if (faults.on("reboot") && chance.hit(REBOOT_CHANCE)) stop(process);
    if (faults.on("pause") && chance.hit(PAUSE_CHANCE)) pause(process);
  }
  time.after(SWEEP_EVERY_MS, () => sweepFrom(process));
};

/** Told to stop, it stops what it does; after a while it is gone. */
const stop = ({ universe, name, life, stops }: Process): void => {
  universe.journal.note(name, () => "is told to stop");
  universe.journal.rare("graceful stop");
  for (const one of stops) one.abort("stopping");
  universe.time.after(universe.chance.int(0, LONGEST_STOP_MS), () => life.end("at its stop"));
};

/** It stands still, as a machine under too much load does; its jobs are given to others. */
const pause = ({ universe, name, life, jobs }: Process): void => {
  const { time, chance, journal } = universe;
  const pauseMs = chance.int(1_000, LONGEST_PAUSE_MS);
  life.pausedUntil = later(time.now(), pauseMs);
  journal.note(name, () => `stands still for ${pauseMs} ms`);
  if (jobs.size > 0) journal.rare("pause at work");
  for (const { giveBack } of jobs) time.after(chance.int(1_000, 2 * pauseMs), giveBack);
};

const begin = (
  process: Process,
  what: string,
  end: JobEnd,
  job: (process: Process) => Promise<void>,
): void => {
  const { universe, name, jobs } = process;
  jobs.add(end);
  job(process).then(
    () => {
      jobs.delete(end);
      end.done();
    },
    (error: unknown) => {
      jobs.delete(end);
      const failure = error instanceof Error ? error : new Error(String(error));
      universe.journal.note(name, () => `${what} failed: ${failure.message}`);
      universe.oracle.threw(failure);
      end.giveBack();
    },
  );
};

/** With ports of its own, so that what it saw can be told from what others saw. */
const work = async (
  process: Process,
  how: (parts: ShellParts, signal: AbortSignal) => Promise<unknown>,
): Promise<void> => {
  const stopping = new AbortController();
  process.stops.add(stopping);
  const parts = jobParts(process.universe, process.life, () => process.skewMs);
  try {
    await how(parts, stopping.signal);
  } finally {
    process.stops.delete(stopping);
  }
};

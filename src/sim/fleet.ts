// The replicas and the queue that gives them work: wake-ups, once effects and sweeps, each delivered
// at least once, sometimes late, sometimes to two at the same time.

import { later, type Instant, type RunId } from "../core/ids.ts";
import { carryOut } from "../shell/carry-out.ts";
import type { ShellParts } from "../shell/parts.ts";
import { pass } from "../shell/pass.ts";
import { sweep } from "../shell/sweep.ts";
import { oneAtATime } from "../shell/worker.ts";
import { BEGINNING } from "./timeline.ts";
import type { Universe } from "./universe.ts";
import { jobParts } from "./parts.ts";
import type { Life } from "./wire.ts";

export interface Fleet {
  start(): void;
  /** Sets a run's next wake-up; null takes it away. */
  wake(run: RunId, at: Instant | null): void;
  /** A once effect, `run/generation/ordinal`, waits to be carried out. */
  pending(id: string): void;
  /** When the run is looked at next; now, if it is being looked at; null: never. */
  nextWake(run: RunId): Instant | null;
  /** Passes begun so far. */
  passes(): number;
}

interface Replica {
  readonly name: string;
  life: Life;
  skewMs: number;
  /** Work under way, given back when the replica dies. */
  jobs: Set<() => void>;
  /** Told when the replica stops. */
  stops: Set<AbortController>;
  /** One pass of a run at a time, as in any replica. */
  wake: (run: RunId) => Promise<void>;
}

const SWEEP_EVERY_MS = 8_000;
const TRY_AGAIN_MS = 1_000;
/** How long a dead worker's jobs stay its own. */
const JOB_LOST_MS = 20_000;
const RESTART_MS = [200, 20_000] as const;
const SKEW_MS = 400;
const LONGEST_PAUSE_MS = 60_000;

export const fleet = (universe: () => Universe): Fleet => {
  const wakes = new Map<RunId, Instant>();
  const underWay = new Map<RunId, number>();
  const replicas: Replica[] = [];
  let passes = 0;

  const boot = (replica: Replica): void => {
    const { time, chance, faults, journal } = universe();
    const life: Life = {
      replica: replica.name,
      alive: true,
      pausedUntil: time.now(),
      end: (why) => {
        if (!life.alive) return;
        life.alive = false;
        journal.note(replica.name, () => `dies ${why}`);
        for (const giveBack of replica.jobs) time.after(chance.int(0, JOB_LOST_MS), giveBack);
        replica.jobs.clear();
        replica.stops.clear();
        const [soonest, latest] = RESTART_MS;
        time.after(faults.healed() ? soonest : chance.int(soonest, latest), () => boot(replica));
      },
    };
    replica.life = life;
    replica.wake = oneAtATime((id) => work(replica, (parts, signal) => pass(parts, id, signal)));
    replica.skewMs = faults.on("clockJump") ? chance.int(-SKEW_MS, SKEW_MS) : 0;
    journal.note(replica.name, () => "starts");
    const round = (): void => {
      if (!life.alive) return;
      run(replica, "sweep", () => work(replica, sweep), () => undefined);
      if (faults.on("clockJump")) replica.skewMs = chance.int(-SKEW_MS, SKEW_MS);
      if (faults.on("reboot") && chance.hit(0.02)) reboot(replica);
      if (faults.on("pause") && chance.hit(0.05)) pause(replica);
      time.after(SWEEP_EVERY_MS, round);
    };
    time.after(chance.int(0, SWEEP_EVERY_MS), round);
  };

  /** Told to stop, it stops what it does; after a while it is gone. */
  const reboot = (replica: Replica): void => {
    const { time, chance, journal } = universe();
    journal.note(replica.name, () => "is told to stop");
    journal.rare("graceful stop");
    const { life } = replica;
    for (const stop of replica.stops) stop.abort();
    time.after(chance.int(0, 5_000), () => life.end("at its stop"));
  };

  /** It stands still, as a machine under too much load does; its jobs are given to others. */
  const pause = ({ name, life, jobs }: Replica): void => {
    const { time, chance, journal } = universe();
    const pauseMs = chance.int(1_000, LONGEST_PAUSE_MS);
    life.pausedUntil = later(time.now(), pauseMs);
    journal.note(name, () => `stands still for ${pauseMs} ms`);
    if (jobs.size > 0) journal.rare("pause at work");
    for (const giveBack of jobs) time.after(chance.int(1_000, 2 * pauseMs), giveBack);
  };

  /** With ports of its own, so that what it saw can be told from what others saw. */
  const work = async (
    replica: Replica,
    how: (parts: ShellParts, signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> => {
    const stop = new AbortController();
    replica.stops.add(stop);
    const parts = jobParts(universe(), replica.life, () => replica.skewMs);
    try {
      await how(parts, stop.signal);
    } finally {
      replica.stops.delete(stop);
    }
  };

  const run = (
    replica: Replica,
    what: string,
    job: () => Promise<void>,
    giveBack: () => void,
    after: () => void = () => undefined,
  ): void => {
    const { journal, oracle } = universe();
    replica.jobs.add(giveBack);
    job().then(
      () => {
        replica.jobs.delete(giveBack);
        after();
      },
      (error: unknown) => {
        replica.jobs.delete(giveBack);
        const why = error instanceof Error ? error.message : String(error);
        journal.note(replica.name, () => `${what} failed: ${why}`);
        if (error instanceof Error) oracle.threw(error);
        giveBack();
      },
    );
  };

  const someone = (): Replica | null => {
    const { time, chance } = universe();
    const able = replicas.filter(({ life }) => life.alive && life.pausedUntil <= time.now());
    return able.length === 0 ? null : chance.pick(able);
  };

  const look = (id: RunId): void => {
    const { time, chance, faults, journal } = universe();
    const at = wakes.get(id);
    if (at === undefined || at > time.now()) return;
    const replica = someone();
    if (replica === null) {
      time.after(500, () => look(id));
      return;
    }
    wakes.delete(id);
    const twice = faults.on("doubledWake") && chance.hit(0.05);
    if (twice) journal.rare("doubled wake");
    for (const one of twice ? [replica, someone() ?? replica] : [replica]) {
      underWay.set(id, (underWay.get(id) ?? 0) + 1);
      passes += 1;
      let open = true;
      const over = (): void => {
        if (open) underWay.set(id, (underWay.get(id) ?? 1) - 1);
        open = false;
      };
      // A function of its own for each delivery: it also names the job.
      const giveBack = (): void => {
        over();
        if (!wakes.has(id)) wake(id, later(time.now(), TRY_AGAIN_MS));
      };
      run(one, `pass of ${id}`, () => one.wake(id), giveBack, over);
    }
  };

  const wake = (id: RunId, at: Instant | null): void => {
    const { time, chance, faults } = universe();
    if (at === null) {
      wakes.delete(id);
      return;
    }
    wakes.set(id, at);
    const late = faults.on("lateWake") && chance.hit(0.05);
    const delayMs = late ? chance.int(0, 30_000) : chance.int(0, 30);
    time.after(Math.max(0, at - time.now()) + delayMs, () => look(id));
  };

  const pending = (id: string): void => {
    const { time, chance } = universe();
    time.after(chance.int(0, 50), () => {
      const replica = someone();
      if (replica === null) {
        time.after(500, () => pending(id));
        return;
      }
      const again = (): void => void time.after(TRY_AGAIN_MS, () => pending(id));
      const carry = (): Promise<void> =>
        work(replica, (parts, signal) => carryOut(parts, id, signal));
      run(replica, `effect ${id}`, carry, again);
    });
  };

  return {
    start: () => {
      const { scenario } = universe();
      for (let index = 1; index <= scenario.replicas; index += 1) {
        const name = `r${index}`;
        const nobody = { alive: false, pausedUntil: BEGINNING, end: () => undefined };
        const life: Life = { replica: name, ...nobody };
        const replica: Replica = {
          name,
          life,
          skewMs: 0,
          jobs: new Set(),
          stops: new Set(),
          wake: () => Promise.reject(new Error("not started")),
        };
        replicas.push(replica);
        boot(replica);
      }
    },
    wake,
    pending,
    nextWake: (id) => wakes.get(id) ?? ((underWay.get(id) ?? 0) > 0 ? universe().time.now() : null),
    passes: () => passes,
  };
};

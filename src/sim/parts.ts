// The shell's ports as one job of one replica has them: each call goes over the wire to the simulated
// world, and what the job last saw is remembered, so that its decision can be judged by it.

import type { EffectOutcome } from "../core/effect.ts";
import { instant, type Instant } from "../core/ids.ts";
import type { Series } from "../core/series.ts";
import type { RouterState, Seen, TargetState } from "../core/snapshot.ts";
import type { EffectStore, RunStore } from "../ports/store.ts";
import type { World } from "../ports/world.ts";
import { promoteOnSuccess } from "../shell/operations/begin.ts";
import { replan } from "../shell/operations/planning.ts";
import { DEFAULT_LIMITS, type ShellParts } from "../shell/parts.ts";
import type { Fault } from "./faults.ts";
import { Outage } from "./outage.ts";
import type { Universe } from "./universe.ts";
import { whenAwake, type Life } from "./wire.ts";
import type { Begun } from "./world/tasks.ts";

/** What a job looked at last. */
export interface Sight {
  target: Seen<TargetState>;
  router: Seen<RouterState>;
  metrics: readonly Series[];
  /** The truth about that look at the metrics: whether they could be measured at all. */
  frozen: boolean;
  /** When the run was read. */
  loadedAt: Instant;
}

const READING: readonly Fault[] = ["fails", "slow", "killBefore"];
const ORDERING: readonly Fault[] = [
  "fails",
  "lostReply",
  "killBefore",
  "killAfter",
  "late",
  "twice",
  "slow",
];
const WRITING: readonly Fault[] = ["fails", "lostReply", "killBefore", "killAfter", "late", "slow"];

/** Looks are many: each is spared most faults, so that a pass comes to something. */
const SELDOM = 0.4;
const OFTEN = 5;

const REFUSED = new Outage("connection refused");
const CUT = new Outage("the connection was cut");
const away = (): never => {
  throw REFUSED;
};
const cut = (): never => {
  throw CUT;
};
const retry = (): EffectOutcome => ({ kind: "retry", afterMs: 1000, why: "connection refused" });
const unknown = (): EffectOutcome => ({ kind: "unknown", why: "no answer" });

/** A fresh set for each job. `skewMs`: how far the replica's clock is off. */
export const jobParts = (universe: Universe, life: Life, skewMs: () => number): ShellParts => {
  const never: Seen<never> = { kind: "unseen", at: universe.time.now(), why: "never looked" };
  const sight: Sight = { target: never, router: never, metrics: [], frozen: false, loadedAt: instant(0) };
  const now = (): Instant => instant(universe.time.now() + skewMs());
  return universe.bug.parts({
    world: worldOf(universe, life, now),
    ...outside(universe, life, sight, now),
    runs: runsOf(universe, life, sight),
    effects: effectsOf(universe, life),
    promote: async (key, environment, release) =>
      universe.wire.send(life, {
        name: "promote",
        faults: WRITING,
        often: OFTEN,
        deliver: () => promoteOnSuccess(universe.desk, key, environment, release),
        failed: away,
        lost: cut,
      }),
    replan: async (run, lane) =>
      universe.wire.send(life, {
        name: "replan",
        faults: READING,
        often: OFTEN,
        deliver: () => replan(universe.desk, run, lane),
        failed: away,
        lost: cut,
      }),
    onPass: ({ broken }) => broken.forEach(universe.oracle.broke),
    replica: life.replica,
    limits: DEFAULT_LIMITS,
  });
};

const worldOf = (universe: Universe, life: Life, now: () => Instant): World => {
  const { time, deadlines, chance } = universe;
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => whenAwake(time, life, resolve);
        const over = time.after(ms, wake);
        signal?.addEventListener("abort", () => (over(), wake()), { once: true });
      }),
    deadline: (ms, signal) => deadlines.after(ms, signal),
    newId: () => chance.next().toString(36).slice(2, 14),
  };
};

type Outside = Pick<ShellParts, "target" | "router" | "metrics" | "tasks" | "notifier">;

const outside = (universe: Universe, life: Life, sight: Sight, now: () => Instant): Outside => {
  const { wire, target, router, metrics, oracle, absent } = universe;
  const seen = async <T>(look: Promise<T>, keep: (value: Seen<T>) => void): Promise<T> => {
    keep({ kind: "unseen", at: now(), why: "not yet" });
    const value = await look;
    keep({ kind: "seen", at: now(), value });
    return value;
  };
  const look = { faults: READING, often: SELDOM, failed: away, lost: cut };
  const order = { faults: ORDERING, often: OFTEN, failed: retry, lost: unknown };
  return {
    target: {
      observe: (lane, signal) =>
        seen(
          wire.send(life, { name: "target.observe", ...look, signal, deliver: () => (absent.has("target") ? away() : target.observe(lane)) }),
          (value) => (sight.target = value),
        ),
      apply: (key, spec, signal) =>
        wire.send(life, {
          name: "target.apply",
          ...order,
          signal,
          deliver: () =>
            absent.has("target")
              ? retry()
              : oracle.ordered(key, { kind: "apply", spec }, target.apply(key, spec)),
        }),
    },
    router: {
      observe: (lane, signal) =>
        seen(
          wire.send(life, { name: "router.observe", ...look, signal, deliver: () => router.observe(lane) }),
          (value) => (sight.router = value),
        ),
      route: (key, weights, route, signal) =>
        wire.send(life, {
          name: "router.route",
          ...order,
          signal,
          deliver: () => oracle.ordered(key, { kind: "route", weights, route }, router.route(key, weights)),
        }),
    },
    metrics: {
      read: async (lane, queries, signal) => {
        const failed = (): readonly Series[] =>
          queries.map((query) => ({ kind: "error", query, message: "connection refused" }));
        sight.frozen = true;
        const read = await wire.send(life, {
          name: "metrics.read",
          faults: READING,
          often: SELDOM,
          signal,
          failed,
          lost: failed,
          deliver: () => {
            sight.frozen = metrics.frozen() === "error";
            return metrics.read(queries, lane);
          },
        });
        sight.metrics = read;
        return read;
      },
    },
    tasks: {
      run: (key, _lane, task, signal) => runTask(universe, life, key, task, signal),
    },
    notifier: {
      notify: (_key, _target, event, signal) =>
        wire.send(life, {
          name: "notify",
          ...order,
          signal,
          deliver: () => {
            universe.journal.note("notifier", () => `${event.page ? "PAGE " : ""}${event.text}`);
            return { kind: "applied", detail: null };
          },
        }),
    },
  };
};

/** A task lives in its replica's process group: it dies with it, its outcome unrecorded. */
const runTask: (
  universe: Universe,
  life: Life,
  ...call: Parameters<ShellParts["tasks"]["run"]> extends [infer K, unknown, infer T, infer S]
    ? [key: K, task: T, signal: S]
    : never
) => Promise<EffectOutcome> = async (universe, life, key, task, signal) => {
  const { wire, tasks, time, oracle } = universe;
  const begun = await wire.send<Begun>(life, {
    name: "task.begin",
    faults: ["fails", "lostReply", "killBefore", "killAfter", "slow"],
    often: OFTEN,
    signal,
    deliver: () => {
      oracle.begun(key, task);
      return tasks.begin(key, task);
    },
    failed: () => ({ takesMs: 0, outcome: () => ({ kind: "refused", code: "spawn", why: "cannot start" }) }),
    lost: () => ({ takesMs: 0, outcome: unknown }),
  });
  return await new Promise<EffectOutcome>((resolve) => {
    const over = (make: () => EffectOutcome) => () =>
      whenAwake(time, life, () => {
        const outcome = make();
        oracle.performed(key, task, outcome);
        resolve(outcome);
      });
    time.after(Math.min(begun.takesMs, task.deadlineMs), over(begun.outcome));
    signal.addEventListener("abort", over(unknown), { once: true });
  });
};

/** Throws while the database is away. */
const reachable = ({ absent }: Universe) => (): void => {
  if (absent.has("database")) throw REFUSED;
};

const runsOf = (universe: Universe, life: Life, sight: Sight): RunStore => {
  const { store, wire, oracle, time } = universe;
  const database = { failed: away, lost: cut };
  const there = reachable(universe);
  return {
    load: (id) => {
      sight.metrics = [];
      sight.frozen = false;
      const deliver = (): ReturnType<RunStore["load"]> => {
        there();
        sight.loadedAt = time.now();
        return store.runs.load(id);
      };
      return wire.send(life, { name: "load", faults: READING, often: SELDOM, ...database, deliver });
    },
    commit: (commit) => {
      const seen = { ...sight };
      return wire.send(life, {
        name: "commit",
        faults: WRITING,
        often: 1,
        ...database,
        deliver: async () => {
          there();
          const result = await store.runs.commit(commit);
          oracle.committed(life, commit, seen, result);
          return result;
        },
      });
    },
    create: (run) =>
      wire.send(life, { name: "create", faults: WRITING, often: 1, ...database, deliver: () => store.runs.create(run) }),
    say: (run, by, at, fact) =>
      wire.send(life, { name: "say", faults: WRITING, often: 1, ...database, deliver: () => store.runs.say(run, by, at, fact) }),
  };
};

const effectsOf = (universe: Universe, life: Life): EffectStore => {
  const { store, wire } = universe;
  const there = reachable(universe);
  type Make<T> = () => Promise<T>;
  const call = <T>(name: string, faults: readonly Fault[], often: number, make: Make<T>): Promise<T> =>
    wire.send(life, {
      name,
      faults,
      often,
      deliver: () => {
        there();
        return make();
      },
      failed: away,
      lost: cut,
    });
  return {
    get: (id) => call("effect.get", READING, SELDOM, () => store.effects.get(id)),
    claim: (id, by, at) => call("claim", WRITING, OFTEN, () => store.effects.claim(id, by, at)),
    beat: (id, by, at) => call("beat", WRITING, OFTEN, () => store.effects.beat(id, by, at)),
    finish: (id, outcome, at) =>
      call("finish", WRITING, OFTEN, () => store.effects.finish(id, outcome, at)),
    expire: (before, at) =>
      call("expire", WRITING, SELDOM, () => store.effects.expire(before, at)),
  };
};

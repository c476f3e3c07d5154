// The shell's ports as one job of one replica has them: each call goes over the wire to the
// simulated world, and what the job saw last is remembered, so that its decision can be judged by
// it.

import type { EffectKey, EffectOutcome } from "../core/effect.ts";
import { instant, type Instant } from "../core/ids.ts";
import type { Series } from "../core/series.ts";
import type { Seen } from "../core/snapshot.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { Router } from "../ports/router.ts";
import type { Target } from "../ports/target.ts";
import type { TaskEffect } from "../ports/tasks.ts";
import type { World } from "../ports/world.ts";
import { promoteOnSuccess } from "../shell/operations/begin.ts";
import { orderMember } from "../shell/operations/order-member.ts";
import { openFollowUp } from "../shell/operations/follow-ups.ts";
import { replan } from "../shell/operations/planning.ts";
import { inShortDays } from "./short-days.ts";
import { DEFAULT_LIMITS, type ShellParts } from "../shell/parts.ts";
import {
  away,
  BEGINNING_WORK,
  cut,
  MOSTLY,
  OFTEN,
  ORDERING,
  READING,
  retry,
  SELDOM,
  unknown,
  WRITING,
} from "./call-faults.ts";
import type { Sight } from "./sight.ts";
import { effectsOf, runsOf } from "./store-parts.ts";
import type { Universe } from "./universe.ts";
import { whenAwake, type Life } from "./wire.ts";
import type { Begun } from "./world/begun.ts";

/** A fresh set for each job. `skewMs`: how far the replica's clock is off. */
export const jobParts = (universe: Universe, life: Life, skewMs: () => number): ShellParts => {
  const { wire, desk, oracle, time } = universe;
  const never: Seen<never> = { kind: "unseen", at: time.now(), why: "never looked" };
  const nothing = { metrics: [], frozen: false, loadedAt: instant(0) };
  const job: Job = {
    universe,
    life,
    sight: { target: never, router: never, ...nothing },
    now: () => instant(time.now() + skewMs()),
  };
  const rare = { often: OFTEN, failed: away, lost: cut };
  return universe.bug.parts({
    world: worldOf(job),
    target: targetOf(job),
    router: routerOf(job),
    metrics: metricsOf(job),
    notifier: notifierOf(job),
    tasks: { run: (key, _lane, task, signal) => runTask(job, key, task, signal) },
    runs: runsOf(universe, life, job.sight),
    effects: effectsOf(universe, life),
    promote: (key, environment, release) =>
      wire.send(life, {
        ...rare,
        name: "promote",
        faults: WRITING,
        deliver: () => promoteOnSuccess(desk, key, environment, release),
      }),
    orderMember: (key, member) =>
      wire.send(life, {
        ...rare,
        name: "member",
        faults: WRITING,
        deliver: () => orderMember(desk, key, member),
      }),
    openFollowUp: (key, release, checklist) =>
      wire.send(life, {
        ...rare,
        name: "followUp",
        faults: WRITING,
        deliver: () => openFollowUp(desk, key, release, checklist),
      }),
    replan: (run, lane) =>
      wire.send(life, {
        ...rare,
        name: "replan",
        faults: READING,
        deliver: async () => {
          const fresh = await replan(desk, run, lane);
          return fresh?.kind === "plan" ? { ...fresh, plan: inShortDays(fresh.plan) } : fresh;
        },
      }),
    onPass: ({ broken }) => broken.forEach(oracle.broke),
    replica: life.replica,
    limits: DEFAULT_LIMITS,
  });
};

interface Job {
  readonly universe: Universe;
  readonly life: Life;
  readonly sight: Sight;
  readonly now: () => Instant;
}

const LOOK = { faults: READING, often: SELDOM, failed: away, lost: cut };
const ORDER = { faults: ORDERING, often: OFTEN, failed: retry, lost: unknown };

const worldOf = ({ universe, life, now }: Job): World => {
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

/** Remembers what came of a look, and until then that nothing did. */
const seen = async <T>(
  { now }: Job,
  look: Promise<T>,
  keep: (value: Seen<T>) => void,
): Promise<T> => {
  keep({ kind: "unseen", at: now(), why: "no answer yet" });
  const value = await look;
  keep({ kind: "seen", at: now(), value });
  return value;
};

const targetOf = (job: Job): Target => {
  const { universe, life, sight } = job;
  const { wire, target, oracle, absent } = universe;
  return {
    observe: (lane, signal) => {
      const deliver = () => (absent.has("target") ? away() : target.observe(lane));
      const look = wire.send(life, { ...LOOK, name: "target.observe", signal, deliver });
      return seen(job, look, (value) => (sight.target = value));
    },
    apply: (key, spec, signal) => {
      const deliver = (): EffectOutcome =>
        absent.has("target")
          ? retry()
          : oracle.ordered(key, { kind: "apply", spec }, target.apply(key, spec));
      return wire.send(life, { ...ORDER, name: "target.apply", signal, deliver });
    },
  };
};

const routerOf = (job: Job): Router => {
  const { universe, life, sight } = job;
  const { wire, router, oracle } = universe;
  return {
    observe: (lane, signal) => {
      const deliver = () => router.observe(lane);
      const look = wire.send(life, { ...LOOK, name: "router.observe", signal, deliver });
      return seen(job, look, (value) => (sight.router = value));
    },
    route: (key, weights, route, signal) => {
      const deliver = (): EffectOutcome =>
        oracle.ordered(key, { kind: "route", weights, route }, router.route(key, weights));
      return wire.send(life, { ...ORDER, name: "router.route", signal, deliver });
    },
  };
};

const metricsOf = ({ universe, life, sight }: Job): Metrics => ({
  read: async (lane, queries, signal) => {
    const { wire, metrics } = universe;
    const failed = (): readonly Series[] =>
      queries.map((query) => ({ kind: "error", query, message: "connection refused" }));
    sight.frozen = true;
    sight.metrics = await wire.send(life, {
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
    return sight.metrics;
  },
});

const notifierOf = ({ universe, life }: Job): Notifier => ({
  notify: (_key, _target, { page, text }, signal) =>
    universe.wire.send<EffectOutcome>(life, {
      ...ORDER,
      name: "notify",
      signal,
      deliver: () => {
        universe.journal.note("notifier", () => `${page ? "PAGE " : ""}${text}`);
        return { kind: "applied", detail: null };
      },
    }),
});

/** A task lives in its replica's process group: it dies with it, its outcome unrecorded. */
const runTask = async (
  { universe, life }: Job,
  key: EffectKey,
  task: TaskEffect,
  signal: AbortSignal,
): Promise<EffectOutcome> => {
  const { wire, tasks, time, oracle } = universe;
  const refused: EffectOutcome = { kind: "refused", code: "spawn", why: "it could not be started" };
  const begun = await wire.send<Begun>(life, {
    name: "task.begin",
    faults: BEGINNING_WORK,
    often: MOSTLY,
    signal,
    deliver: () => {
      oracle.begun(key, task);
      return tasks.begin(key, task);
    },
    failed: () => ({ takesMs: 0, outcome: () => refused }),
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

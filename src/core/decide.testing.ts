// A world of plain values for tests of decide(): orders are carried out at once and completely,
// metrics are what the test says. No faults; those are the simulator's.

import type { ApprovalRule } from "./admission/rule.ts";
import type { DeployItem, Playbook, ServiceInEnvironment, Takes } from "./playbook.ts";
import { compile } from "./compile.ts";
import { decide, nextGeneration } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { EffectRecord, OnceEffect } from "./effect.ts";
import { isOnce } from "./effect.ts";
import type { Fact, FactBody } from "./fact.ts";
import { instant, later, releaseId } from "./ids.ts";
import type { Actor, Digest, EnvironmentName, Instant, RunId, ServiceName } from "./ids.ts";
import type { Lane } from "./lane.ts";
import { newRun } from "./new-run.ts";
import type { Plan, Release } from "./plan.ts";
import { parseCondition } from "./threshold-parse.ts";
import type { Run } from "./run.ts";
import type { Runtime } from "./runtime.ts";
import type { Series } from "./series.ts";
import type { RouterState, Snapshot, TargetState } from "./snapshot.ts";
import type { Standing, StandingBody } from "./standing.ts";
import type { Condition, MetricName } from "./threshold.ts";
import type { MetricQuery } from "./series.ts";
import { neededQueries } from "./watch.ts";

const SERVICE = "hello" as ServiceName;
const ENVIRONMENT = "production" as EnvironmentName;

export const release = (version: string): Release => ({
  id: releaseId(SERVICE, version),
  artifact: `sha256:${version}` as Digest,
  author: "alice" as Actor,
});

export const RUNTIME: Runtime = {
  command: ["node", "server.js"],
  env: {},
  readiness: {
    path: "/ready",
    initialDelayMs: 0,
    intervalMs: 1000,
    timeoutMs: 1000,
    failureThreshold: 3,
    successThreshold: 1,
  },
  liveness: null,
  stop: { drainMs: 1000, killAfterMs: 1000 },
  restart: { initialBackoffMs: 100, maxBackoffMs: 1000 },
  resources: { cpuCores: 1, memoryBytes: 1 },
  logs: { maxFileBytes: 1, keepFiles: 1 },
};

export const condition = (text: string): Condition => {
  const parsed = parseCondition(text);
  if (parsed.kind === "error") throw new Error(parsed.message);
  return parsed.condition;
};

const bake = (forMs: number, gates: readonly string[]) => ({
  forMs,
  gates: gates.map(condition),
  patienceMs: 60_000,
  onPatienceEnd: "back" as const,
  holdForMs: 60_000,
  onHoldEnd: "back" as const,
});

const head = {
  readyWithinMs: 60_000,
  shiftWithinMs: 10_000,
  verify: null,
  stability: bake(30_000, ["errorRate < 1%"]),
};

export const CANARY: DeployItem = {
  kind: "strategy",
  strategy: {
    kind: "canary",
    weights: [50, 250, 1000],
    stops: [],
    bake: bake(30_000, ["errorRate < 1%"]),
    keepWarmMs: 60_000,
    ...head,
  },
};

export const ROLLING: DeployItem = {
  kind: "strategy",
  strategy: {
    kind: "rolling",
    maxSurge: { kind: "count", count: 1 },
    maxUnavailable: { kind: "count", count: 0 },
    ...head,
  },
};

/** Of one of these, not the author, for good. */
export const approvalRule = (
  from: readonly string[],
  more: Partial<ApprovalRule> = {},
): ApprovalRule => ({
  from,
  groups: [],
  count: 1,
  notAuthor: true,
  expiresMs: null,
  asks: [],
  ...more,
});

export const playbook = (
  deploy: readonly DeployItem[],
  more: Partial<Playbook> = {},
): Playbook => ({
  name: "test",
  withinMs: null,
  before: [],
  deploy,
  after: [],
  analysis: {
    intervalMs: 5_000,
    windowMs: 30_000,
    minRequests: 10,
    baseline: { from: "stable", windowMs: 60_000 },
  },
  rollback: {
    when: [condition("errorRate > 5% for 10s")],
    keepFailedMs: 60_000,
    withinMs: 300_000,
    tier: "immediate",
  },
  onNewer: "queue",
  onFreeze: "hold",
  notify: [],
  ...more,
});

/** `more`: how production takes it, where that is not by hand and without asking anybody. */
export const planOf = (
  to: string,
  from: string | null,
  book: Playbook,
  more: Partial<Takes> = {},
): Plan => {
  const place: ServiceInEnvironment = {
    environment: ENVIRONMENT,
    playbook: "test",
    instances: 4,
    runtime: RUNTIME,
    route: {
      listen: "127.0.0.1:8080",
      sticky: null,
      timeouts: { connectMs: 1000, responseMs: 1000, idleMs: 1000 },
    },
  };
  return compile({
    service: SERVICE,
    environment: ENVIRONMENT,
    playbook: book,
    place,
    takes: {
      from: { kind: "release" },
      how: "manual",
      approval: null,
      calendar: null,
      emergency: null,
      ...more,
    },
    release: release(to),
    from: from === null ? null : { release: release(from), runtime: RUNTIME },
    promotesTo: [],
  });
};

/** A lane with one run, moved along by hand. */
export class Rehearsal {
  now: Instant = instant(1_000_000);
  run: Run;
  lane: Lane;
  target: TargetState;
  router: RouterState;
  facts: Fact[] = [];
  effects: EffectRecord[] = [];
  standing: Standing[] = [];
  verifiedIn: EnvironmentName[] = [];
  waiting: Snapshot["waiting"] = [];
  freshPlan: Snapshot["freshPlan"] = null;
  /** What the judged slot measures; null: nothing. */
  values: Partial<Record<MetricName, number | null>> = { errorRate: 0 };
  ready = true;
  decisions: Decision[] = [];

  constructor(plan: Plan) {
    const stable = plan.from;
    this.lane = {
      service: plan.service,
      environment: plan.environment,
      revision: 0,
      generation: 0,
      activeRun: null,
      stable: stable === null ? null : { slot: "blue", release: stable.id, instances: 4 },
      knownGood: stable === null ? [] : [{ release: stable.id, at: this.now }],
      auditSeq: 0,
      auditHash: "",
    };
    const wanted = stable === null ? [] : [{ release: stable.id, instances: 4 }];
    this.target = {
      generation: 0,
      slots: {
        blue: { wanted, instances: this.#instances(wanted) },
        green: { wanted: [], instances: [] },
      },
    };
    const weights = stable === null ? { blue: 0, green: 0 } : { blue: 1000, green: 0 };
    this.router = { generation: 0, weights, endpoints: { blue: wanted.length * 4, green: 0 } };
    this.run = newRun({
      id: "r-1" as RunId,
      seq: 1,
      plan,
      origin: { kind: "manual", by: "alice" as Actor, reason: null, emergency: null },
      at: this.now,
    });
  }

  say(by: string, fact: FactBody): void {
    const seq = this.facts.length + 1;
    this.facts.push({ ...fact, seq, run: this.run.id, by: by as Actor, at: this.now });
  }

  /** Said of this lane, and in force from now on unless told otherwise. */
  stand(by: string, body: StandingBody, more: Partial<Standing> = {}): Standing {
    const fact: Standing = {
      seq: this.standing.length + 1,
      by: by as Actor,
      at: this.now,
      from: this.now,
      until: null,
      release: null,
      service: this.lane.service,
      environment: this.lane.environment,
      ended: null,
      body,
      ...more,
    };
    this.standing.push(fact);
    return fact;
  }

  snapshot(): Snapshot {
    return {
      takenAt: this.now,
      lane: this.lane,
      target: { kind: "seen", at: this.now, value: this.target },
      router: { kind: "seen", at: this.now, value: this.router },
      metrics: neededQueries(this.run, this.lane, this.now).map((query) => this.#series(query)),
      effects: this.effects,
      facts: this.facts,
      standing: this.standing,
      verifiedIn: this.verifiedIn,
      waiting: this.waiting,
      answers: [],
      freshPlan: this.freshPlan,
    };
  }

  /** One pass: decide, take the decision over, carry its orders out. */
  pass(): Decision {
    const snapshot = this.snapshot();
    const generation = nextGeneration(this.run, snapshot);
    const decision = decide(this.run, snapshot, this.now);
    this.decisions.push(decision);
    this.run = { ...decision.run, generation, revision: this.run.revision + 1 };
    this.lane = { ...this.lane, ...decision.lane, generation };
    for (const [ordinal, body] of decision.effects.entries()) {
      if (isOnce(body)) this.#record(body, generation, ordinal);
      else if (body.kind === "route")
        this.router = { ...this.router, generation, weights: body.weights };
      else
        this.#apply(
          body.spec.slot,
          body.spec.cohorts.map((c) => ({ release: c.release.id, instances: c.instances })),
          generation,
        );
    }
    return decision;
  }

  /** Passes at their wake-ups until the run has ended or the time is over. */
  runFor(ms: number): void {
    const end = later(this.now, ms);
    for (let i = 0; i < 10_000 && this.run.state.kind !== "ended"; i += 1) {
      const { wakeAt, effects } = this.pass();
      if (effects.length > 0 || wakeAt === null) continue;
      if (wakeAt > end) break;
      this.now = wakeAt > this.now ? wakeAt : later(this.now, 1);
    }
    if (this.now < end) this.now = end;
  }

  eventTypes(): readonly string[] {
    return this.decisions.flatMap((d) =>
      d.events.map((e) => (e.step === null ? e.type : `${e.type} ${e.step}`)),
    );
  }

  #record(body: OnceEffect, generation: number, ordinal: number): void {
    const { service, environment } = this.lane;
    const key = { service, environment, run: this.run.id, generation, ordinal };
    const outcome = { kind: "applied" as const, detail: null };
    this.effects = [...this.effects, { effect: { key, body }, state: "done", outcome }];
  }

  #apply(
    slot: "blue" | "green",
    wanted: TargetState["slots"]["blue"]["wanted"],
    generation: number,
  ): void {
    const instances = this.#instances(wanted);
    this.target = { generation, slots: { ...this.target.slots, [slot]: { wanted, instances } } };
    const ready = instances.filter((i) => i.phase === "ready").length;
    this.router = { ...this.router, endpoints: { ...this.router.endpoints, [slot]: ready } };
  }

  #instances(
    wanted: TargetState["slots"]["blue"]["wanted"],
  ): TargetState["slots"]["blue"]["instances"] {
    return wanted.flatMap(({ release: id, instances }) =>
      Array.from({ length: instances }, (_, i) => ({
        id: `${id}-${i}`,
        release: id,
        phase: this.ready ? ("ready" as const) : ("starting" as const),
        restarts: 0,
      })),
    );
  }

  #series(query: MetricQuery): Series {
    const samples = [];
    for (let at = query.from; at <= query.to; at = later(at, query.stepMs)) {
      const value = this.values[query.metric] ?? null;
      const known = query.since === undefined || at > query.since;
      samples.push({ at, value: known ? value : null, count: known && value !== null ? 100 : 0 });
    }
    return { kind: "samples", query, samples };
  }
}

// A way back as tests rehearse it: what the slot that is being left has after each pass, and what
// may happen to it on the way.

import { CANARY, RUNTIME, condition, planOf, playbook, release } from "./decide.testing.ts";
import type { Actor, Instant, ReleaseId, RunId } from "./ids.ts";
import type { DeployItem, Playbook } from "./playbook.ts";
import { rollbackPlan } from "./rollback-plan.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RollbackTier } from "./step.ts";
import { Scripted, undoable } from "./undo.testing.ts";

const HOOK = [{ kind: "webhook", url: "http://127.0.0.1:1" }] as const;
const SHARES = { shares: [500, 100], bakeMs: 20_000 };
const FLAG = undoable("flag", "gradual");
const CLUSTER = undoable("cluster", "full");

export const bookOf = (deploy: readonly DeployItem[], more: Partial<Playbook["rollback"]> = {}) => {
  const when = [condition("errorRate > 5% for 10s"), condition("alert critical")];
  const policy = { when, keepFailedMs: 60_000, withinMs: 300_000, traffic: SHARES } as const;
  const rollback = { ...policy, tier: "immediate" as const, ...more };
  return playbook(deploy, { rollback, notify: HOOK });
};

/** Keeps what the slot that is left had after each pass. */
export class Way extends Scripted {
  left: "blue" | "green" = "green";
  shares: number[] = [];

  override pass() {
    const decision = super.pass();
    const now = this.router.weights[this.left];
    if (this.shares.at(-1) !== now) this.shares.push(now);
    return decision;
  }

  /** What was measured before then was good. */
  badSince: Instant | null = null;

  override snapshot(): Snapshot {
    const snapshot = super.snapshot();
    const { badSince } = this;
    if (badSince === null) return snapshot;
    const metrics = snapshot.metrics.map((series) => {
      if (series.kind !== "samples") return series;
      const samples = series.samples.map((one) => (one.at < badSince ? { ...one, value: 0 } : one));
      return { ...series, samples };
    });
    return { ...snapshot, metrics };
  }

  /** Every instance of the slot is gone. */
  kill(slot: "blue" | "green"): void {
    const was = this.target.slots[slot];
    const instances = was.instances.map((one) => ({ ...one, phase: "backoff" as const }));
    this.target = {
      ...this.target,
      slots: { ...this.target.slots, [slot]: { ...was, instances } },
    };
    this.router = { ...this.router, endpoints: { ...this.router.endpoints, [slot]: 0 } };
  }

  rollBackNow(tier: RollbackTier): void {
    this.say("bob", { kind: "rollback", to: null, reason: "hurry", tier, now: true });
  }
}

const AT_FULL_MS = 70_000;

/** At full traffic, not settled yet. */
export const atFull = (
  more: Partial<Playbook["rollback"]> = {},
  deploy = [FLAG, CLUSTER, CANARY],
): Way => {
  const it = new Way(planOf("1.1", "1.0", bookOf(deploy, more)));
  it.runFor(AT_FULL_MS);
  if (it.router.weights.green !== 1000) throw new Error("it is not at full traffic");
  it.shares = [1000];
  return it;
};

export const outcomeOf = ({ run }: Way): string | null => run.settled?.outcome ?? null;

export const waitingFor = (id: string, urgent: boolean): Snapshot["waiting"] => [
  { run: "r-2" as RunId, seq: 2, release: id as ReleaseId, urgent, emergencyUntil: null },
];

export const rollback = (tier: RollbackTier, more: Partial<Playbook["rollback"]> = {}): Way => {
  const it = new Way(
    rollbackPlan({
      current: planOf("1.1", "1.0", bookOf([CANARY], more)),
      to: { release: release("1.0"), runtime: RUNTIME },
      from: { release: release("1.1"), runtime: RUNTIME },
      keepFailedMs: 60_000,
      tier,
    }),
  );
  const origin = { kind: "rollback", by: "bob" as Actor, reason: null, emergency: null } as const;
  it.run = { ...it.run, origin };
  it.left = "blue";
  return it;
};

export const VERIFY = {
  paths: ["/health"],
  through: "router",
  initialWaitMs: 2_000,
  attempts: 3,
  intervalMs: 5_000,
  timeoutMs: 1_000,
} as const;

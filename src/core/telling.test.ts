// Nothing that people wait for comes to nothing without a word.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, Rehearsal, approvalRule, planOf, playbook } from "./decide.testing.ts";
import type { NotifyTarget, Playbook } from "./playbook.ts";
import { seal } from "./compile.ts";
import type { Snapshot } from "./snapshot.ts";

const WEBHOOK: NotifyTarget = { kind: "webhook", url: "http://127.0.0.1:1" };
const told: Partial<Playbook> = { notify: [WEBHOOK] };

const events = (it: Rehearsal): readonly { readonly type: string; readonly page: boolean }[] =>
  it.decisions.flatMap(({ effects }) =>
    effects.flatMap((body) => (body.kind === "notify" ? [body.event] : [])),
  );

/** Target or router are away. */
class Blind extends Rehearsal {
  away: readonly ("target" | "router")[] = [];
  override snapshot(): Snapshot {
    const snapshot = super.snapshot();
    const unseen = { kind: "unseen", at: this.now, why: "no answer" } as const;
    return {
      ...snapshot,
      ...(this.away.includes("target") ? { target: unseen } : {}),
      ...(this.away.includes("router") ? { router: unseen } : {}),
    };
  }
}

test("a rejected run, which touched nothing, tells of its end", () => {
  const before = [
    {
      kind: "approval" as const,
      approval: approvalRule(["bob"]),
    },
  ];
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { ...told, before })));
  it.runFor(1_000);
  const { hash } = it.run.plan;
  const step = "entry";
  const no = { verdict: "reject", reason: null, answers: {} } as const;
  it.say("bob", { kind: "approval", step, planHash: hash, ...no });
  it.runFor(1_000);
  assert.equal(it.run.state.kind, "ended");
  assert.equal(events(it).at(-1)?.type, "run.ended");
});

test("a promotion that came to nothing is told before the run ends", () => {
  const { hash: _, ...body } = planOf("1.1", "1.0", playbook([CANARY], told));
  const it = new Rehearsal(seal({ ...body, promotesTo: ["live"] }));
  it.runFor(130_000);
  it.effects = it.effects.map((one) =>
    one.effect.body.kind === "promote"
      ? { ...one, outcome: { kind: "unknown", why: "the database was away" } }
      : one,
  );
  it.runFor(200_000);
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "succeeded");
  assert.ok(it.eventTypes().includes("promotion.failed"));
  assert.equal(events(it).at(-1)?.type, "promotion.failed");
});

test("a way back that cannot see its target pages somebody, and goes on when it can", () => {
  const it = new Blind(planOf("1.1", "1.0", playbook([CANARY], told)));
  it.runFor(10_000);
  it.say("bob", { kind: "abort", reason: "no" });
  it.away = ["target"];
  it.runFor(62_000);
  assert.ok(events(it).some((event) => event.type === "run.stalled" && event.page));
  it.away = [];
  it.runFor(5_000);
  assert.equal(it.run.settled?.outcome, "aborted");
  assert.equal(it.router.weights.green, 0);
});

test("a first installation that must go back and cannot see the router pages somebody", () => {
  const it = new Blind(planOf("1.1", null, playbook([CANARY], told)));
  it.runFor(10_000);
  it.say("bob", { kind: "abort", reason: "no" });
  it.away = ["router"];
  it.runFor(12_000);
  assert.ok(events(it).some((event) => event.type === "run.stalled" && event.page));
});

test("a clock that is put back does not put off the repetition of an order", () => {
  const it = new Blind(planOf("1.1", "1.0", playbook([CANARY])));
  it.ready = false;
  it.pass();
  it.target = { ...it.target, generation: 0 };
  it.now = (it.now - 900_000) as typeof it.now;
  assert.equal(it.pass().effects.length, 1);
});

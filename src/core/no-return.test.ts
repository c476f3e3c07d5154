// Behind a contract migration nothing goes back by itself: whatever would send the run back holds
// it.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CANARY, condition, planOf, playbook } from "./decide.testing.ts";
import type { ReleaseId, RunId } from "./ids.ts";
import type { DeployItem, Playbook } from "./playbook.ts";
import type { RollbackTier } from "./step.ts";
import { LOST, REFUSED, Scripted, task, undoable } from "./undo.testing.ts";

const HOOK = [{ kind: "webhook", url: "http://127.0.0.1:1" }] as const;
const DROP = undoable("drop", "full", { migration: "contract" });

const rehearse = (deploy: readonly DeployItem[], more: Partial<Playbook> = {}): Scripted =>
  new Scripted(planOf("1.1", "1.0", playbook(deploy, { notify: HOOK, ...more })));

/** At 5 %, behind a contract migration that succeeded. */
const behind = (more: Partial<Playbook> = {}): Scripted => {
  const it = rehearse([DROP, CANARY], more);
  it.runFor(10_000);
  assert.equal(it.run.noReturn, "deploy-drop");
  return it;
};

test("the decision that orders a contract migration is the one that remembers it", () => {
  const it = rehearse([DROP, CANARY]);
  const first = it.pass();
  assert.ok(first.effects.some((one) => one.kind === "task" && one.step === "deploy-drop"));
  assert.equal(first.run.noReturn, "deploy-drop");
});

test("an expanding migration is no point of no return", () => {
  const it = rehearse([undoable("add", "gradual", { migration: "expand" }), CANARY]);
  it.runFor(10_000);
  assert.equal(it.run.noReturn, null);
  it.values = { errorRate: 50 };
  it.runFor(20_000);
  assert.equal(it.run.settled?.outcome, "rolledBack");
});

test("a breach behind it holds at the present weight, pages once and says what can be done", () => {
  const it = behind();
  it.values = { errorRate: 50 };
  it.runFor(200_000);
  assert.equal(it.run.state.kind, "forward");
  assert.deepEqual(it.router.weights, { blue: 950, green: 50 });
  assert.deepEqual(it.pages(), ["run.stalled"]);
  const why = it.run.because.find(({ code }) => code === "no-way-back")?.text ?? "";
  assert.match(why, /^errorRate > 5% for 10s; behind deploy-drop nothing goes back by itself/);
  assert.match(why, /stays at 5 % /);
  assert.match(why, /sluice rollback hello production --to 1.0 --tier full/);
  assert.equal(it.run.breach, null);
});

test("it goes on by itself when the metric has recovered", () => {
  const it = behind();
  it.values = { errorRate: 50 };
  it.runFor(30_000);
  it.values = { errorRate: 0 };
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a second breach pages again only when the first has been over for long", () => {
  assert.ok(CANARY.kind === "strategy" && CANARY.strategy.kind === "canary");
  const { strategy } = CANARY;
  const long = { ...strategy, bake: { ...strategy.bake, forMs: 3_600_000 } };
  const it = rehearse([DROP, { kind: "strategy", strategy: long }]);
  it.runFor(10_000);
  for (const errorRate of [50, 0, 50, 0, 50]) {
    it.values = { errorRate };
    it.runFor(30_000);
  }
  assert.deepEqual(it.pages(), ["run.stalled"]);
  it.values = { errorRate: 0 };
  it.runFor(400_000);
  assert.ok(it.eventTypes().includes("run.recovered"));
  assert.ok(it.run.state.kind === "forward" && it.run.state.stalled === null);
  it.values = { errorRate: 50 };
  it.runFor(30_000);
  assert.deepEqual(it.pages(), ["run.stalled", "run.stalled"]);
});

test("patience that ended holds it, and data lets it go on", () => {
  const it = behind();
  it.values = { errorRate: null };
  it.runFor(400_000);
  assert.equal(it.router.weights.green, 50);
  assert.deepEqual(it.pages(), ["run.stalled"]);
  it.values = { errorRate: 0 };
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("instances that come too late behind it hold it, and let it go on when they have come", () => {
  const it = rehearse([DROP, CANARY]);
  it.ready = false;
  it.runFor(200_000);
  assert.equal(it.run.state.kind, "forward");
  assert.deepEqual(it.pages(), ["run.stalled"]);
  const { green } = it.target.slots;
  const instances = green.instances.map((one) => ({ ...one, phase: "ready" as const }));
  it.target = { ...it.target, slots: { ...it.target.slots, green: { ...green, instances } } };
  it.router = { ...it.router, endpoints: { ...it.router.endpoints, green: instances.length } };
  it.ready = true;
  it.runFor(400_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("weights that drift while it holds are set again", () => {
  const it = behind();
  it.values = { errorRate: 50 };
  it.runFor(20_000);
  it.router = { ...it.router, weights: { blue: 1000, green: 0 } };
  it.runFor(20_000);
  assert.equal(it.router.weights.green, 50);
});

test("a contract migration that was refused counts as begun, until somebody says it is", () => {
  const it = rehearse([DROP, CANARY]);
  it.outcomes = { "deploy-drop": REFUSED };
  it.runFor(100_000);
  assert.equal(it.run.state.kind, "forward");
  assert.equal(it.run.touchedAt, null);
  assert.deepEqual(it.pages(), ["run.stalled"]);
  assert.deepEqual(it.begun(), ["./drop"]);
  assert.ok(it.run.because.some(({ text }) => text.includes("sluice answer r-1 deploy-drop TEXT")));
  it.say("bob", { kind: "answer", step: "deploy-drop", verdict: "done", text: "by hand" });
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a contract migration whose outcome was lost asks a person, whatever else follows", () => {
  for (const onUnknown of ["hold", "back"] as const) {
    const it = rehearse([{ ...DROP, onUnknown }, CANARY]);
    it.outcomes = { "deploy-drop": LOST };
    it.runFor(100_000);
    assert.equal(it.run.state.kind, "forward", onUnknown);
    assert.deepEqual(it.pages(), ["run.stalled"]);
    assert.deepEqual(it.begun(), ["./drop"]);
  }
});

test("repeatable work that fails behind it is tried on, after one page", () => {
  const purge = task("purge", { repeatable: true, attempts: 2 });
  const it = rehearse([CANARY, DROP, purge]);
  it.outcomes = { "deploy-purge": REFUSED };
  it.runFor(400_000);
  assert.equal(it.run.state.kind, "forward");
  assert.deepEqual(it.pages(), ["run.stalled"]);
  assert.ok(it.begun().filter((command) => command === "./purge").length > 3);
  it.outcomes = {};
  it.runFor(60_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a breach while work is under way adds no attempt to it", () => {
  const it = rehearse([CANARY, { ...DROP, repeatable: true }]);
  it.outcomes = { "deploy-drop": null };
  it.runFor(130_000);
  assert.equal(it.run.noReturn, "deploy-drop");
  it.values = { errorRate: 50 };
  it.runFor(60_000);
  it.values = { errorRate: 0 };
  it.runFor(60_000);
  it.finish("deploy-drop");
  it.runFor(60_000);
  assert.deepEqual(it.begun(), ["./drop"]);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a newer release behind it lets the run go on to its end: the way back is closed", () => {
  const it = behind({ onNewer: "supersede" });
  it.waiting = [
    {
      run: "r-2" as RunId,
      seq: 2,
      release: "hello@1.2" as ReleaseId,
      urgent: false,
      emergencyUntil: null,
    },
  ];
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  assert.deepEqual(it.pages(), []);
});

test("a rollback of another run that came all the same holds it and asks", () => {
  const it = behind();
  it.waiting = [
    {
      run: "r-2" as RunId,
      seq: 2,
      release: "hello@0.9" as ReleaseId,
      urgent: true,
      emergencyUntil: null,
    },
  ];
  it.runFor(60_000);
  assert.equal(it.router.weights.green, 50);
  assert.deepEqual(it.pages(), ["run.stalled"]);
});

test("abort and any lesser rollback behind it are answered with what is needed", () => {
  for (const word of ["abort", "immediate", "gradual"] as const) {
    const it = behind();
    if (word === "abort") it.say("bob", { kind: "abort", reason: "stop" });
    else it.rollBack(word);
    it.runFor(1_000);
    assert.equal(it.run.state.kind, "forward");
    const [told] = it.told("run.word-too-late");
    assert.match(told ?? "", /by bob came behind deploy-drop, .* --tier full/);
    assert.deepEqual(it.pages(), []);
    it.runFor(300_000);
    assert.equal(it.run.settled?.outcome, "succeeded", "it goes on");
  }
});

test("a full rollback goes back across it: traffic first, then what it took is restored", () => {
  const it = behind();
  it.rollBack("full");
  it.runFor(10_000);
  assert.equal(it.run.settled?.outcome, "rolledBack");
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
  assert.deepEqual(it.begun(), ["./drop", "./undo-drop"]);
  assert.equal(it.run.noReturn, "deploy-drop");
});

test("a full rollback across what has no undo says so", () => {
  const it = rehearse([task("drop", { migration: "contract" }), CANARY]);
  it.runFor(10_000);
  it.rollBack("full");
  it.runFor(10_000);
  assert.ok(it.told("rollback.began").some((text) => text.startsWith("deploy-drop has no undo")));
});

test("a plan whose rollbacks are full does not cross it by itself", () => {
  const when = [condition("errorRate > 5% for 10s")];
  const rollback = { when, keepFailedMs: 0, withinMs: 1, tier: "full" } as const;
  const it = behind({ rollback });
  it.values = { errorRate: 50 };
  it.runFor(60_000);
  assert.equal(it.run.state.kind, "forward");
});

test("whatever happens behind it, only a full rollback takes traffic away", () => {
  const happening = fc.oneof(
    fc.record({ kind: fc.constant("rate" as const), rate: fc.constantFrom(0, 3, 50, null) }),
    fc.record({
      kind: fc.constant("word" as const),
      word: fc.constantFrom<RollbackTier | "abort" | "hold" | "resume">(
        ...(["immediate", "gradual", "full", "abort", "hold", "resume"] as const),
      ),
    }),
    fc.record({ kind: fc.constant("newer" as const), urgent: fc.boolean() }),
    fc.record({ kind: fc.constant("ready" as const), ready: fc.boolean() }),
  );
  const waits = fc.integer({ min: 0, max: 40_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(happening, waits), { maxLength: 12 }), (story) => {
      const it = behind({ onNewer: "supersede" });
      let full = false;
      for (const [one, ms] of story) {
        if (one.kind === "rate") it.values = { errorRate: one.rate };
        if (one.kind === "ready") it.ready = one.ready;
        if (one.kind === "newer") {
          const release = "hello@1.2" as ReleaseId;
          it.waiting = [
            { run: "r-2" as RunId, seq: 2, release, urgent: one.urgent, emergencyUntil: null },
          ];
        }
        if (one.kind === "word") speak(it, one.word);
        const { green } = it.router.weights;
        const open = it.run.settled === null;
        full ||= open && one.kind === "word" && one.word === "full";
        it.runFor(ms);
        if (full || !open) return;
        assert.ok(it.router.weights.green >= green, `${green} became ${it.router.weights.green}`);
        assert.notEqual(it.run.state.kind, "back");
      }
    }),
    { numRuns: 150 },
  );
});

const speak = (it: Scripted, word: RollbackTier | "abort" | "hold" | "resume"): void => {
  if (word === "resume") return it.say("bob", { kind: word });
  if (word === "abort" || word === "hold") return it.say("bob", { kind: word, reason: "so" });
  it.rollBack(word);
};

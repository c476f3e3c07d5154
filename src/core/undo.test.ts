// What a way back takes back besides the traffic: how far, in which order, and what is left.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CANARY, ROLLING, condition, planOf, playbook } from "./decide.testing.ts";
import type { DeployItem, Playbook } from "./playbook.ts";
import type { RollbackTier } from "./step.ts";
import { isWithin } from "./undo.ts";
import { LOST, REFUSED, Scripted, task, undoable } from "./undo.testing.ts";

const HOOK = [{ kind: "webhook", url: "http://127.0.0.1:1" }] as const;
const TIERS = ["immediate", "gradual", "full"] as const;

const rehearse = (
  deploy: readonly DeployItem[],
  tier: RollbackTier = "immediate",
  more: Partial<Playbook["rollback"]> = {},
): Scripted => {
  const when = [condition("errorRate > 5% for 10s")];
  const rollback = { when, keepFailedMs: 60_000, withinMs: 300_000, tier, ...more };
  return new Scripted(planOf("1.1", "1.0", playbook(deploy, { rollback, notify: HOOK })));
};

const FLAG = undoable("flag", "immediate");
const MIGRATE = undoable("migrate", "gradual", { migration: "expand" });
const CLUSTER = undoable("cluster", "full");
const ALL = [CLUSTER, MIGRATE, FLAG];

/** Asked anew each time: what is known of a property is not forgotten between two looks. */
const outcomeOf = ({ run }: Scripted): string | null => run.settled?.outcome ?? null;

/** The commands that took something back. */
const undone = (it: Scripted): readonly string[] =>
  it.begun().filter((command) => command.startsWith("./undo-"));

for (const [tier, expected] of [
  ["immediate", ["./undo-flag"]],
  ["gradual", ["./undo-flag", "./undo-migrate"]],
  ["full", ["./undo-flag", "./undo-migrate", "./undo-cluster"]],
] as const) {
  test(`by itself it goes as far as its plan: ${tier}, the last done first`, () => {
    const it = rehearse([...ALL, CANARY], tier);
    it.runFor(10_000);
    it.values = { errorRate: 50 };
    it.runFor(30_000);
    assert.equal(outcomeOf(it), "rolledBack");
    assert.deepEqual(undone(it), expected);
  });

  test(`a person's word goes as far as it says: ${tier}`, () => {
    const it = rehearse([...ALL, CANARY], "gradual");
    it.runFor(10_000);
    it.rollBack(tier);
    it.runFor(10_000);
    assert.equal(outcomeOf(it), "rolledBack");
    assert.deepEqual(undone(it), expected);
  });
}

test("an abort takes back what the plan's own rollbacks do", () => {
  const it = rehearse([...ALL, CANARY], "gradual");
  it.runFor(10_000);
  it.say("bob", { kind: "abort", reason: "no" });
  it.runFor(10_000);
  assert.deepEqual(undone(it), ["./undo-flag", "./undo-migrate"]);
});

test("nothing is taken back before all traffic is back and read back", () => {
  const it = rehearse([MIGRATE, CANARY], "gradual");
  it.runFor(10_000);
  it.rollBack("gradual");
  const { state } = it.pass().run;
  assert.deepEqual(state.kind === "back" && state.steps.map(({ id }) => id), [
    "back-prepare",
    "back-shift",
    "back-undo-deploy-migrate",
    "back-retire",
  ]);
  const greens: number[] = [];
  while (undone(it).length === 0) {
    greens.push(it.router.weights.green);
    it.pass();
  }
  assert.deepEqual(greens, [50, 0].slice(-greens.length));
});

test("in place, the release is replaced before anything is taken back", () => {
  const it = rehearse([...ALL, ROLLING], "full");
  it.runFor(10_000);
  it.rollBack("full");
  it.runFor(10_000);
  assert.equal(outcomeOf(it), "rolledBack");
  assert.deepEqual(it.target.slots.blue.wanted, [{ release: "hello@1.0", instances: 4 }]);
  assert.deepEqual(undone(it), ["./undo-flag", "./undo-migrate", "./undo-cluster"]);
});

test("an undo runs with the files of the release that is taken back", () => {
  const it = rehearse([FLAG, CANARY]);
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(10_000);
  const undo = it.effects.find(
    ({ effect: { body } }) => body.kind === "task" && body.step === "back-undo-deploy-flag",
  );
  assert.equal(undo?.effect.body.kind === "task" && undo.effect.body.release.id, "hello@1.1");
  assert.equal(undo?.effect.body.kind === "task" && undo.effect.body.deadlineMs, 2_000);
});

test("what never took place is not taken back: failed, not reached, or denied by a person", () => {
  const failed = rehearse([FLAG, MIGRATE, CANARY, undoable("late", "immediate")], "gradual");
  failed.outcomes = { "deploy-migrate": REFUSED };
  failed.runFor(20_000);
  assert.equal(failed.run.settled?.outcome, "failed");
  assert.deepEqual(undone(failed), ["./undo-flag"]);
  const denied = rehearse([FLAG, MIGRATE, CANARY], "gradual");
  denied.outcomes = { "deploy-migrate": LOST };
  denied.runFor(5_000);
  denied.say("bob", { kind: "answer", step: "deploy-migrate", verdict: "failed", text: "no" });
  denied.runFor(20_000);
  assert.deepEqual(undone(denied), ["./undo-flag"]);
});

test("what may have taken place is taken back: lost, or done by hand", () => {
  const lost = rehearse([{ ...MIGRATE, onUnknown: "back" }, CANARY], "gradual");
  lost.outcomes = { "deploy-migrate": LOST };
  lost.runFor(20_000);
  assert.deepEqual(undone(lost), ["./undo-migrate"]);
  const byHand = rehearse([MIGRATE, CANARY], "gradual");
  byHand.outcomes = { "deploy-migrate": LOST };
  byHand.runFor(5_000);
  byHand.say("bob", { kind: "answer", step: "deploy-migrate", verdict: "done", text: "yes" });
  byHand.runFor(20_000);
  byHand.rollBack("gradual");
  byHand.runFor(20_000);
  assert.deepEqual(undone(byHand), ["./undo-migrate"]);
});

test("what is under way when the run turns ends first; the traffic does not wait for it", () => {
  for (const [outcome, expected] of [
    ["applied", ["./undo-late"]],
    ["refused", []],
  ] as const) {
    const it = rehearse([CANARY, undoable("late", "immediate")]);
    it.outcomes = { "deploy-late": null };
    it.runFor(130_000);
    it.rollBack("immediate");
    it.runFor(100_000);
    assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
    assert.equal(outcomeOf(it), null);
    assert.deepEqual(undone(it), []);
    it.finish("deploy-late", outcome === "refused" ? REFUSED : undefined);
    it.runFor(10_000);
    assert.equal(outcomeOf(it), "rolledBack");
    assert.deepEqual(undone(it), expected);
  }
});

test("a run that touched nothing but did something takes it back and keeps no slot for it", () => {
  const it = rehearse([FLAG, task("check"), CANARY]);
  it.outcomes = { "deploy-check": REFUSED };
  it.runFor(5_000);
  assert.deepEqual(undone(it), ["./undo-flag"]);
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "failed");
  assert.equal(it.target.slots.green.wanted.length, 0);
});

test("what is left undone is told when it turns, while it is so, and when it is settled", () => {
  const it = rehearse([...ALL, CANARY]);
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(10_000);
  const left =
    "deploy-cluster, deploy-migrate stay as they are: " +
    "sluice rollback hello production --to 1.0 --tier full takes them back too";
  for (const type of ["rollback.began", "run.settled"]) assert.ok(it.told(type).includes(left));
  assert.equal(it.run.because.at(-1)?.text, left);
});

test("more can be taken back while the run has not ended, while it goes back and after", () => {
  for (const when of ["at once", "before the undo", "settled"] as const) {
    const it = rehearse([...ALL, CANARY]);
    it.runFor(10_000);
    it.rollBack("immediate");
    if (when === "before the undo") it.pass();
    if (when === "settled") it.runFor(10_000);
    assert.equal(it.run.settled === null, when !== "settled");
    it.rollBack("gradual");
    it.runFor(10_000);
    assert.deepEqual(undone(it), ["./undo-flag", "./undo-migrate"], when);
    assert.equal(outcomeOf(it), "rolledBack");
    it.rollBack("gradual");
    it.runFor(200_000);
    assert.ok(it.eventTypes().includes("run.word-too-late"));
    assert.equal(it.run.state.kind, "ended");
    assert.deepEqual(it.target.slots.green.wanted, []);
  }
});

test("more is taken back behind the undo that is under way, and in its own order", () => {
  const it = rehearse([...ALL, undoable("other", "gradual"), CANARY]);
  it.outcomes = { "back-undo-deploy-flag": null };
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(10_000);
  it.rollBack("full");
  it.runFor(1_000);
  it.finish("back-undo-deploy-flag");
  it.runFor(10_000);
  const rest = ["./undo-other", "./undo-migrate", "./undo-cluster"];
  assert.deepEqual(undone(it), ["./undo-flag", ...rest]);
});

test("an undo that fails stalls and pages once, and is not run again unless it may be", () => {
  const it = rehearse([FLAG, CANARY]);
  it.outcomes = { "back-undo-deploy-flag": REFUSED };
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(200_000);
  assert.equal(outcomeOf(it), null);
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
  assert.deepEqual(it.pages(), ["run.stalled"]);
  assert.deepEqual(undone(it), ["./undo-flag"]);
  it.say("bob", { kind: "answer", step: "back-undo-deploy-flag", verdict: "done", text: "me" });
  it.runFor(1_000);
  assert.equal(outcomeOf(it), "rolledBack");
});

test("an undo that does no harm twice is tried until it works, also after the outcome", () => {
  const undo = { ...FLAG.undo!, repeatable: true };
  for (const settled of [false, true]) {
    const it = rehearse([{ ...FLAG, undo: { ...undo, tier: "gradual" } }, CANARY], "immediate", {
      keepFailedMs: 600_000,
    });
    it.outcomes = { "back-undo-deploy-flag": REFUSED };
    it.runFor(10_000);
    if (settled) {
      it.rollBack("immediate");
      it.runFor(10_000);
    }
    it.rollBack("gradual");
    it.runFor(150_000);
    assert.ok(undone(it).length > 4);
    assert.deepEqual(it.pages(), ["run.stalled"]);
    it.outcomes = {};
    it.runFor(40_000);
    assert.equal(outcomeOf(it), "rolledBack");
    assert.ok(it.run.state.kind === "back" && it.run.state.stalled === null);
  }
});

test("an undo whose outcome was lost asks a person", () => {
  const it = rehearse([FLAG, CANARY]);
  it.outcomes = { "back-undo-deploy-flag": LOST };
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(100_000);
  assert.deepEqual(it.pages(), ["run.stalled"]);
  assert.deepEqual(undone(it), ["./undo-flag"]);
  it.say("bob", { kind: "answer", step: "back-undo-deploy-flag", verdict: "done", text: "me" });
  it.runFor(1_000);
  assert.equal(outcomeOf(it), "rolledBack");
});

test("the promised time is watched while it goes back: one page at the moment it is over", () => {
  const it = rehearse([FLAG, CANARY], "immediate", { withinMs: 20_000 });
  it.outcomes = { "back-undo-deploy-flag": null };
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(19_000);
  assert.deepEqual(it.pages(), []);
  it.runFor(1_500);
  assert.deepEqual(it.pages(), ["rollback.late"]);
  assert.match(
    it.told("rollback.late")[0] ?? "",
    /within its 20s, it is at back-undo-deploy-flag$/,
  );
  it.runFor(300_000);
  assert.deepEqual(it.pages(), ["rollback.late"]);
  it.finish("back-undo-deploy-flag");
  it.runFor(1_000);
  assert.equal(outcomeOf(it), "rolledBack");
  assert.ok(it.told("run.settled").includes("that is not within its 20s"));
});

const TIMES = { immediate: 10_000, gradual: 30_000, full: 60_000 } as const;

test("each tier has its own promised time, also where more is taken back by a later word", () => {
  const it = rehearse([FLAG, undoable("infra", "full"), CANARY], "immediate", {
    withinMs: TIMES.immediate,
    tierWithinMs: TIMES,
  });
  it.outcomes = { "back-undo-deploy-flag": null };
  it.runFor(10_000);
  it.rollBack("gradual");
  it.runFor(29_000);
  assert.deepEqual(it.pages(), []);
  it.rollBack("full");
  it.runFor(30_000);
  assert.deepEqual(it.pages(), []);
  it.runFor(2_000);
  assert.match(it.told("rollback.late")[0] ?? "", /within its 1m for the tier full, it is at /);
});

test("whoever is told of nothing still has the miss of the promised time written down once", () => {
  const it = rehearse([FLAG, CANARY], "immediate", { withinMs: 20_000 });
  it.run = { ...it.run, plan: { ...it.run.plan, notify: [] } };
  it.outcomes = { "back-undo-deploy-flag": null };
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(100_000);
  assert.equal(it.told("rollback.late").length, 1);
});

test("what took place and is within the tier is taken back once, last done first", () => {
  const outcome = fc.constantFrom("applied", "applied", "applied", "lost", "refused", "open");
  const one = fc.record({
    tier: fc.constantFrom(...TIERS),
    undoable: fc.boolean(),
    outcome,
    before: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...TIERS),
      fc.integer({ min: 0, max: 150_000 }),
      (tasks, asked, turnsAfterMs) => {
        const named = tasks.map((given, i) => ({ ...given, name: `t${i}` }));
        const action = ({ name, tier, undoable: can }: (typeof named)[number]) =>
          can ? undoable(name, tier) : task(name);
        const it = rehearse([
          ...named.filter(({ before }) => before).map(action),
          CANARY,
          ...named.filter(({ before }) => !before).map(action),
        ]);
        for (const { name, outcome: how } of named) {
          if (how === "lost") it.outcomes[`deploy-${name}`] = LOST;
          if (how === "refused") it.outcomes[`deploy-${name}`] = REFUSED;
          if (how === "open") it.outcomes[`deploy-${name}`] = null;
        }
        it.runFor(turnsAfterMs);
        if (it.run.settled !== null || it.run.state.kind !== "forward") return;
        const doing = it.begun();
        it.rollBack(asked);
        it.runFor(5_000);
        for (const { name, outcome: how } of named) {
          if (how === "open") it.finish(`deploy-${name}`);
        }
        it.runFor(100_000);
        assert.equal(outcomeOf(it), "rolledBack");
        const expected = doing.flatMap((command) => {
          const found = named.find(({ name }) => `./${name}` === command);
          if (found === undefined || !found.undoable || found.outcome === "refused") return [];
          return isWithin(found.tier, asked) ? [`./undo-${found.name}`] : [];
        });
        assert.deepEqual(undone(it), expected.toReversed());
      },
    ),
    { numRuns: 300 },
  );
});

test("what changed nothing and waits for a person is begun once more at a person's word", () => {
  const undo = { ...FLAG.undo!, repeatable: true };
  const it = rehearse([{ ...FLAG, undo }, CANARY]);
  it.outcomes = { "back-undo-deploy-flag": { kind: "stalled", why: "the disk is full" } };
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(60_000);
  assert.deepEqual([it.pages(), undone(it).length], [["run.stalled"], 1]);
  const again = { kind: "again", step: "back-undo-deploy-flag", text: "disk is free" } as const;
  it.say("bob", { ...again, step: "back-shift" });
  it.runFor(5_000);
  assert.equal(undone(it).length, 1, "another step was meant");
  it.say("bob", again);
  it.runFor(60_000);
  assert.deepEqual([it.pages(), undone(it).length], [["run.stalled", "run.stalled"], 2]);
  it.outcomes = {};
  it.say("bob", again);
  it.runFor(5_000);
  assert.deepEqual([outcomeOf(it), undone(it).length], ["rolledBack", 3]);
  assert.match(it.told("task.again")[0] ?? "", /bob says: disk is free; it is begun once more/);
});

test("what nobody knows the end of is not begun once more", () => {
  const it = rehearse([FLAG, CANARY]);
  it.outcomes = { "back-undo-deploy-flag": LOST };
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(60_000);
  it.say("bob", { kind: "again", step: "back-undo-deploy-flag", text: "try" });
  it.runFor(60_000);
  assert.deepEqual(undone(it), ["./undo-flag"]);
  assert.ok(it.eventTypes().some((type) => type.startsWith("run.word-too-late")));
});

test("an undo that somebody says failed is not looked at without a pause", () => {
  const undo = { ...FLAG.undo!, repeatable: true };
  const it = rehearse([{ ...FLAG, undo: { ...undo, tier: "gradual" } }, CANARY], "immediate");
  it.outcomes = { "back-undo-deploy-flag": REFUSED };
  it.runFor(10_000);
  it.rollBack("gradual");
  it.runFor(20_000);
  it.say("bob", { kind: "answer", step: "back-undo-deploy-flag", verdict: "failed", text: "no" });
  it.runFor(60_000);
  const late = it.decisions.at(-1)?.wakeAt ?? null;
  assert.ok(late !== null && late >= it.now, `${it.now - (late ?? 0)} ms too early`);
});

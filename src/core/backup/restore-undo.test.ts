// Restoring as an undo: which backup, when, and never by itself across a point of no return.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, planOf, playbook, release } from "../decide.testing.ts";
import type { EffectOutcome } from "../effect.ts";
import type { RunId } from "../ids.ts";
import { newRun } from "../new-run.ts";
import type { Playbook } from "../playbook.ts";
import { rollbackPlan } from "../rollback-plan.ts";
import type { RollbackTier, TaskStep } from "../step.ts";
import type { TaskSpec } from "../task-spec.ts";
import { LOST, REFUSED, Scripted, task, undoable } from "../undo.testing.ts";
import type { BackupProof } from "./backup.ts";
import type { BackupAction } from "./backup-step.ts";

const PROOF: BackupProof = { id: "main.20261121-063000-abcdef", digest: "d1" };
const MADE: EffectOutcome = { kind: "applied", detail: PROOF.id, backup: PROOF };

const BACKUP: BackupAction = {
  kind: "backup",
  name: "backup",
  database: {
    name: "main",
    address: "postgresql://db/app",
    environments: {},
    backup: {
      store: { kind: "folder", name: "local", folder: "backups" },
      key: "${secret:local/key}",
      keep: { count: 1, ageMs: null },
      programs: null,
      scratch: null,
      withinMs: 60_000,
    },
  },
  verify: true,
  attempts: 1,
  undo: { writers: "refuse" },
};
const EXPAND = undoable("migrate", "gradual", { migration: "expand" });
const CONTRACT = task("drop", { migration: "contract" });

const rehearse = (more: Partial<Playbook>, tier: RollbackTier = "immediate"): Scripted => {
  const rollback = { ...playbook([CANARY]).rollback, tier };
  const it = new Scripted(planOf("1.1", "1.0", playbook([CANARY], { ...more, rollback })));
  it.outcomes["before-backup"] = MADE;
  return it;
};

/** What was ordered to be restored. */
const restored = (it: Scripted): readonly (BackupProof | null)[] =>
  it.effects.flatMap(({ effect: { body } }) =>
    body.kind === "task" && body.task.kind === "restore" ? [body.task.backup] : [],
  );

const outcomeOf = ({ run }: Scripted): string | null => run.settled?.outcome ?? null;

test("a full rollback restores what the run itself backed up, last", () => {
  const it = rehearse({ before: [BACKUP, EXPAND] });
  it.runFor(10_000);
  it.rollBack("full");
  it.runFor(20_000);
  assert.equal(outcomeOf(it), "rolledBack");
  assert.deepEqual(it.begun(), ["./migrate", "./undo-migrate"]);
  assert.deepEqual(restored(it), [PROOF]);
  const steps = it.effects.flatMap(({ effect: { body } }) =>
    body.kind === "task" && body.step.startsWith("back-") ? [body.step] : [],
  );
  assert.deepEqual(steps, ["back-undo-before-migrate", "back-undo-before-backup"]);
});

test("no lesser tier restores, and what it leaves is told with the command that does", () => {
  for (const tier of ["immediate", "gradual"] as const) {
    const it = rehearse({ before: [BACKUP, EXPAND] });
    it.runFor(10_000);
    it.rollBack(tier);
    it.runFor(20_000);
    assert.equal(outcomeOf(it), "rolledBack");
    assert.deepEqual(restored(it), []);
    const told = it.told("run.settled").join("\n");
    assert.match(told, /before-backup.*sluice rollback hello production --to 1\.0 --tier full/);
    it.rollBack("full");
    it.runFor(20_000);
    assert.deepEqual(restored(it), [PROOF]);
    it.rollBack("full");
    it.runFor(20_000);
    assert.deepEqual(restored(it), [PROOF], "a second order restores nothing");
  }
});

test("by itself a run restores only where its playbook says how far it goes", () => {
  for (const [tier, expected] of [
    ["gradual", []],
    ["full", [PROOF]],
  ] as const) {
    const it = rehearse({ before: [BACKUP, EXPAND] }, tier);
    it.runFor(10_000);
    it.values = { errorRate: 50 };
    it.runFor(40_000);
    assert.equal(outcomeOf(it), "rolledBack");
    assert.deepEqual(restored(it), expected);
  }
});

test("across a point of no return nothing is restored until a person says so", () => {
  const it = rehearse({ before: [BACKUP, CONTRACT] }, "full");
  it.runFor(10_000);
  it.values = { errorRate: 50 };
  it.runFor(300_000);
  assert.deepEqual([it.run.state.kind, restored(it)], ["forward", []]);
  it.rollBack("full");
  it.runFor(20_000);
  assert.deepEqual([outcomeOf(it), restored(it)], ["rolledBack", [PROOF]]);
  const began = it.told("rollback.began").join("\n");
  assert.ok(!began.includes("no undo of its own"), "the restore makes its loss good");
});

test("nothing is restored where nothing came after the backup", () => {
  const it = rehearse({ before: [BACKUP, task("check")] }, "full");
  it.outcomes["before-check"] = { kind: "retry", afterMs: 60_000, why: "not begun" };
  it.runFor(1_000);
  it.say("bob", { kind: "abort", reason: "not today" });
  it.runFor(5_000);
  assert.deepEqual(restored(it), []);
  assert.deepEqual(
    it.told("run.settled").filter((text) => text.includes("stays as it is")),
    [],
  );
});

test("what failed behind it may have done half of its work: it is restored", () => {
  for (const outcome of [REFUSED, LOST]) {
    const it = rehearse({ before: [BACKUP, { ...EXPAND, onUnknown: "back" }] }, "full");
    it.outcomes["before-migrate"] = outcome;
    it.runFor(30_000);
    assert.deepEqual(restored(it), [PROOF]);
  }
});

test("a backup that failed, or was never made, is not restored", () => {
  const it = rehearse({ before: [task("first"), BACKUP, EXPAND] }, "full");
  it.outcomes["before-backup"] = REFUSED;
  it.runFor(30_000);
  assert.deepEqual([outcomeOf(it), restored(it)], ["failed", []]);
});

test("of several attempts it is the one that succeeded", () => {
  const it = rehearse({ before: [{ ...BACKUP, attempts: 2 }, EXPAND] }, "full");
  it.outcomes["before-backup"] = LOST;
  it.runFor(500);
  it.outcomes["before-backup"] = MADE;
  it.runFor(10_000);
  it.values = { errorRate: 50 };
  it.runFor(40_000);
  assert.deepEqual(restored(it), [PROOF]);
});

test("where a person made the backup nobody knows which it is, and it is asked for so", () => {
  const it = rehearse({ before: [BACKUP, EXPAND] }, "full");
  it.outcomes["before-backup"] = null;
  it.runFor(500);
  it.say("bob", { kind: "answer", step: "before-backup", verdict: "done", text: "by hand" });
  it.runFor(10_000);
  it.finish("before-backup", LOST);
  it.values = { errorRate: 50 };
  it.runFor(40_000);
  assert.deepEqual(restored(it), [null]);
});

const taskOf = (steps: readonly { readonly id: string }[], id: string): TaskSpec | undefined =>
  (steps.find((step) => step.id === id) as TaskStep | undefined)?.task;

test("a rollback of its own restores what the release it leaves had backed up", () => {
  const of = (before: Playbook["before"], after: Playbook["after"] = []) =>
    newRun({
      id: "r-7" as RunId,
      seq: 1,
      plan: planOf("1.1", "1.0", playbook([CANARY], { before, after })),
      origin: { kind: "manual", by: "alice" as never, reason: null, emergency: null },
      at: 0 as never,
    });
  const plan = (run: ReturnType<typeof of>, tier: RollbackTier) =>
    rollbackPlan({
      current: run.plan,
      to: { release: release("1.0"), runtime: RUNTIME },
      from: { release: release("1.1"), runtime: RUNTIME },
      keepFailedMs: 0,
      tier,
      between: [run],
      proofs: (id, step) => (id === "r-7" && step === "before-backup" ? PROOF : null),
    }).steps;
  const steps = plan(of([BACKUP, EXPAND]), "full");
  assert.deepEqual(
    steps.map(({ id }) => id),
    ["prepare", "shift-100", "undo-before-migrate", "undo-before-backup", "retire"],
  );
  const spec = taskOf(steps, "undo-before-backup");
  assert.deepEqual(spec?.kind === "restore" && spec.backup, PROOF);
  assert.equal(taskOf(plan(of([BACKUP, EXPAND]), "gradual"), "undo-before-backup"), undefined);
  const last = plan(of([], [BACKUP]), "full");
  assert.equal(taskOf(last, "undo-after-backup"), undefined, "nothing came after it");
});

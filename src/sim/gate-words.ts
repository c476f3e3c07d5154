// What simulated people say at a gate: approvals that count and some that must not, ticks with and
// without what they need, and what it takes to open it in the end.

import { checklistsOf } from "./gate-rules.ts";
import type { ChecklistItem } from "../core/admission/rule.ts";
import type { EvidenceCondition } from "../core/evidence/evidence.ts";
import type { Actor } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { GateStep } from "../core/step.ts";
import type { Chance } from "./prng.ts";
import { APPROVERS, CAREFUL, CARETAKER, STRANGER } from "./roster.ts";
import { delegate, recordChange, report, waive } from "./standing-words.ts";
import type { ReportQuality } from "./standing-words.ts";
import type { Universe } from "./universe.ts";
import { approve, say } from "./words.ts";

/** One of them does one thing that this gate asks for, mostly as it should be done. */
export const attendGate = async (
  universe: Universe,
  run: Run,
  gate: GateStep,
  chance: Chance,
): Promise<void> => {
  const by = chance.pick(APPROVERS);
  const { release } = run.plan;
  const rule = chance.pick(gate.rules);
  switch (rule.kind) {
    case "approval":
      return await vote(universe, run, gate, by, chance);
    case "evidence":
      if (chance.hit(0.2)) return await waive(universe, by, release.id, chance);
      return await report(universe, by, release.id, quality(rule.conditions, chance, 0.6));
    case "changeRecord": {
      const state = chance.pick(["open", "approved", "approved", "approved", "rejected"] as const);
      return await recordChange(universe, by, release.id, state);
    }
    case "checklist":
      return await attendItem(universe, run, gate, chance.pick(rule.checklist.items), chance);
    case "noFreeze":
    case "window":
    case "verifiedIn":
    case "phase":
      return;
  }
};

/** Mostly good; where deadlines are asked about, often with findings that still have time. */
const quality = (
  conditions: readonly EvidenceCondition[],
  chance: Chance,
  good: number,
): ReportQuality => {
  const drawn = chance.next();
  if (drawn >= good) return "bad";
  return drawn < good * 0.7 && conditions.some((one) => "deadlines" in one) ? "dated" : "good";
};

const vote = async (
  universe: Universe,
  run: Run,
  gate: GateStep,
  by: Actor,
  chance: Chance,
): Promise<void> => {
  const who = chance.hit(0.15) ? STRANGER : by;
  if (who === STRANGER && chance.hit(0.6)) {
    await delegate(universe, chance.pick(CAREFUL), STRANGER, chance);
  }
  const other = chance.hit(0.08) ? { planHash: "sha256:another" } : {};
  const verdict = chance.hit(0.08) ? "reject" : "approve";
  await approve(universe, run, gate.id, who, { verdict, ...other, answered: chance.hit(0.8) });
};

const attendItem = async (
  universe: Universe,
  run: Run,
  gate: GateStep,
  item: ChecklistItem,
  chance: Chance,
): Promise<void> => {
  const { release } = run.plan;
  const by = chance.pick(APPROVERS);
  if (item.check?.kind === "evidence" && chance.hit(0.5)) {
    return await report(universe, by, release.id, quality(item.check.conditions, chance, 0.7));
  }
  if (item.check?.kind === "changeRecord" && chance.hit(0.5)) {
    return await recordChange(universe, by, release.id, chance.pick(["open", "approved"]));
  }
  const verdict = chance.pick(["done", "done", "done", "skipped", "failed"] as const);
  const text = chance.pick(["", "I looked", LINK]);
  await say(universe, run.id, by, { kind: "tick", step: gate.id, item: item.id, verdict, text });
};

const LINK = "http://localhost/proof";

/** Everything that people can do for it to open. */
export const openGate = async (universe: Universe, run: Run, gate: GateStep): Promise<void> => {
  const { release } = run.plan;
  for (const by of CAREFUL) await approve(universe, run, gate.id, by);
  const checks = checklistsOf(gate).map(({ check }) => check?.kind);
  const kinds = [...gate.rules.map(({ kind }) => kind), ...checks];
  if (kinds.includes("evidence")) await report(universe, CARETAKER, release.id, "good");
  if (kinds.includes("changeRecord")) {
    await recordChange(universe, CARETAKER, release.id, "approved");
  }
  for (const { id } of checklistsOf(gate)) {
    const tick = { kind: "tick", step: gate.id, item: id, verdict: "done", text: LINK } as const;
    await say(universe, run.id, CARETAKER, tick);
  }
};

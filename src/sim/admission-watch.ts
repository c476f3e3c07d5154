// The judge's eye on gates: no run gets past one, or touches anything before it, that was not
// admitted at that time; and who waits for a window alone begins soon after it opened.

import type { EffectKey, EffectOutcome } from "../core/effect.ts";
import { isHeld } from "../core/held.ts";
import { later, type Instant, type RunId } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { GateStep } from "../core/step.ts";
import type { TaskEffect } from "../ports/tasks.ts";
import type { Broken } from "../core/checks.ts";
import type { Commit } from "../ports/store.ts";
import type { Book } from "./book.ts";
import { openSince } from "./calendar-truth.ts";
import { named } from "./commit-checks.ts";
import { windowsOf } from "./gate-rules.ts";
import { unmet, unmetByWords } from "./gate-truth.ts";
import { freezeOf, viewsOf, type Moment } from "./gate-view.ts";
import { STRANGER } from "./roster.ts";
import type { Sight } from "./sight.ts";
import { BEGINNING } from "./timeline.ts";
import type { Universe } from "./universe.ts";

export interface AdmissionWatch {
  committed(commit: Commit, previous: Run, sight: Sight): readonly Broken[];
  begun(key: EffectKey, task: TaskEffect): readonly Broken[];
  performed(key: EffectKey, task: TaskEffect, outcome: EffectOutcome): void;
  /** Something of this run reaches target, router or a process. */
  touches(run: RunId, what: string): readonly Broken[];
}

/** How long after its moment a run may begin when nothing goes wrong any more: it sleeps at most a
 * minute, and the database may have been slow. */
const DELAY_MS = 75_000;
/** Until then what was sent before the world healed may still arrive. */
const ECHO_MS = 180_000;

export const admissionWatch = (universe: () => Universe): AdmissionWatch => {
  const admitted = new Set<string>();
  const checked = new Set<string>();
  const touches: AdmissionWatch["touches"] = (id, what) => {
    const run = universe().ledger.runs.get(id);
    const entry = run?.plan.steps[0];
    if (run === undefined || entry?.kind !== "gate") return [];
    if (admitted.has(`${id} ${entry.id}`) || what.startsWith(`${entry.id}/`)) return [];
    // On its way back it clears away what others left to it.
    if (run.state.kind !== "forward") return [];
    return [named("admitted-first", `${id} touches ${what} before ${entry.id} was passed`)];
  };
  return {
    touches,
    begun: (key, { step }) => touches(key.run, step),
    committed: ({ decision, at }, previous, { loadedAt }) => {
      const { book } = universe();
      // A run that is planned anew begins with the plan it has then.
      const run = { ...previous, plan: decision.run.plan };
      const moment: Moment = { run, book, loadedAt, at, checked };
      return passed(previous, decision.run).flatMap((gate) => {
        admitted.add(`${run.id} ${gate.id}`);
        const missing = unmet(moment, gate);
        if (missing !== null) {
          return [named("admitted-then", `${run.id} passed ${gate.id}, and ${missing}`)];
        }
        noticeGate(universe(), moment, gate);
        return tooLate(universe(), moment, gate);
      });
    },
    performed: (key, { step }, { kind }) => {
      if (kind === "applied") checked.add(`${key.run} ${step}`);
    },
  };
};

/** The gates that a commit leaves behind it on the way forward. */
const passed = (previous: Run, run: Run): readonly GateStep[] => {
  const [was, is] = [previous.state, run.state];
  if (was.kind !== "forward" && was.kind !== "queued") return [];
  const from = was.kind === "forward" ? was.step : 0;
  const { steps } = run.plan;
  const done = is.kind === "ended" && is.outcome === "succeeded" && previous.settled === null;
  const to = is.kind === "forward" ? is.step : done ? steps.length : from;
  const behind = run.plan.strategy === "rollback" ? [] : steps.slice(from, to);
  return behind.filter((step): step is GateStep => step.kind === "gate");
};

/** Its words were all there before the window opened, and it came long after. */
const tooLate = ({ scenario }: Universe, moment: Moment, gate: GateStep): readonly Broken[] => {
  const { run, book, at } = moment;
  const [calendar] = windowsOf(gate);
  if (calendar === undefined || run.state.kind !== "forward" || isHeld(run)) return [];
  const opened = openSince(calendar, at);
  const calmAt = later(BEGINNING, scenario.chaosMs + ECHO_MS);
  if (opened === null || opened < calmAt || opened <= run.state.since) return [];
  const words = [...book.facts(run.id, at), ...book.standing(at)];
  const then: Moment = { ...moment, loadedAt: opened, at: opened };
  const news = words.some((word) => word.at >= opened) || unmetByWords(then, gate) !== null;
  if (news || at <= later(opened, calendar.spreadMs + DELAY_MS)) return [];
  const text = `${run.id} begins ${at - opened} ms after ${calendar.name} opened`;
  return [named("window-in-time", text)];
};

const noticeGate = ({ journal }: Universe, moment: Moment, gate: GateStep): void => {
  const { run, at, loadedAt, book } = moment;
  for (const rule of gate.rules) {
    journal.rare(`passed ${rule.kind}`);
    if (rule.kind === "phase" && run.state.kind === "forward") {
      const { opens } = rule.phase;
      if (opens !== null && opens > run.state.since) journal.rare("phase waited for");
    }
    if (rule.kind === "window" && run.origin.emergency !== null) {
      if (openSince(rule.calendar, at) === null) journal.rare("emergency passed a window");
    } else if (rule.kind === "window" && run.state.kind === "forward") {
      const closed = openSince(rule.calendar, run.state.since) === null;
      if (closed) journal.rare("window waited for");
    }
    if (rule.kind === "approval") {
      const spoke = book
        .facts(run.id, loadedAt)
        .some(({ kind, by, at: said }) => kind === "approval" && by === STRANGER && said < at);
      const without = { ...moment, book: withoutStranger(book) };
      if (spoke && unmet(without, gate) !== null) journal.rare("delegation used");
    }
    if (rule.kind === "noFreeze" && run.origin.emergency !== null) {
      const frozen = viewsOf(moment).every((view) => freezeOf(view) !== null);
      if (frozen) journal.rare("emergency passed a freeze");
    }
  }
};

const withoutStranger = (book: Book): Book => ({
  ...book,
  facts: (run: RunId, by: Instant) => book.facts(run, by).filter((fact) => fact.by !== STRANGER),
});

// What must be so where a gate is passed, stated once more and more simply than admission works it
// out: whoever changes the one does not change the other by mistake.

import { deniedAt, openState } from "../calendar/ask-calendar.ts";
import type { ApprovalRule, ChecklistItem, GateRule } from "../admission/rule.ts";
import type { EvidenceCondition, EvidenceValue, ValueCondition } from "../evidence/evidence.ts";
import type { Fact } from "../fact.ts";
import { assertNever, latest, type Instant } from "../ids.ts";
import type { Standing, StandingBody } from "../standing.ts";
import type { GateStep } from "../step.ts";
import type { DecisionView } from "./check.ts";
import { lateFinding } from "./finding-checks.ts";

type Tick = Extract<Fact, { kind: "tick" }>;
type Body<K extends StandingBody["kind"]> = Extract<StandingBody, { kind: K }>;

/** A sentence for the first rule that was not met; null: all were. */
export const unadmitted = (view: DecisionView, gate: GateStep): string | null => {
  for (const rule of gate.rules) {
    const missing = unmet(view, gate.id, rule);
    if (missing !== null) return `${gate.id} was passed, and ${rule.id} says: ${missing}`;
  }
  return null;
};

const unmet = (view: DecisionView, gate: string, rule: GateRule): string | null => {
  switch (rule.kind) {
    case "approval":
      return unapproved(view, gate, rule.approval);
    case "evidence":
      return first(rule.conditions, (condition) => unproven(view, condition));
    case "checklist":
      return first(rule.checklist.items, (item) => unticked(view, gate, item));
    case "window":
      return isEmergency(view) || openState(rule.calendar, view.snapshot.takenAt).open
        ? null
        : `${rule.calendar.name} is not open`;
    case "noFreeze":
      return isEmergency(view) ? null : (freezeText(view) ?? null);
    case "changeRecord":
      return changeText(view);
    case "verifiedIn":
      return view.snapshot.verifiedIn.includes(rule.environment)
        ? null
        : `it is not known good in ${rule.environment}`;
    case "phase": {
      const { opens, closes, after, late } = rule.phase;
      const at = view.snapshot.takenAt;
      if (after === null || isEmergency(view)) return null;
      if (opens === null || at < opens) return "its day has not come";
      return late === "refuse" && closes !== null && at >= closes ? "its days are over" : null;
    }
    default:
      return assertNever(rule);
  }
};

const first = <T>(all: readonly T[], sentence: (one: T) => string | null): string | null =>
  all.map(sentence).find((one) => one !== null) ?? null;

/** Break-glass, and its time is not over. */
const isEmergency = ({ run, snapshot }: DecisionView): boolean =>
  run.origin.emergency !== null && snapshot.takenAt < run.origin.emergency.until;

/** In force then, and about this run. */
const standing = <K extends StandingBody["kind"]>(
  { run, snapshot, decision }: DecisionView,
  kind: K,
  at: Instant = snapshot.takenAt,
): readonly (Standing & { readonly body: Body<K> })[] =>
  snapshot.standing.filter((one): one is Standing & { readonly body: Body<K> } => {
    const { release, service, environment, from, until, ended, body } = one;
    const about =
      [null, decision.run.plan.release.id].includes(release) &&
      [null, run.service].includes(service) &&
      [null, run.environment].includes(environment);
    const over = (until !== null && until <= at) || (ended !== null && ended.at <= at);
    return body.kind === kind && about && from <= at && !over;
  });

/** Distinct people whose newest word on this very plan is yes and still counts, and as many
 * distinct people for whom they say it. */
const unapproved = (view: DecisionView, gate: string, rule: ApprovalRule): string | null => {
  const { plan, origin } = view.decision.run;
  const barred = (name: string): boolean =>
    rule.notAuthor && (name === plan.release.author || name === origin.by);
  // Whoever hands their place over later does not stand behind what was said before. What was said
  // by a clock that is ahead of this one was said nevertheless.
  const places = ({ by: name, at: saidAt }: Fact): readonly string[] =>
    rule.from.includes(name)
      ? [name]
      : standing(view, "delegation", latest(view.snapshot.takenAt, saidAt))
          .filter(({ by, body }) => body.to === name && rule.from.includes(by) && !barred(by))
          .filter(({ from, at }) => from <= saidAt && at <= saidAt)
          .map(({ by }) => by);
  const said = view.snapshot.facts.filter(
    (fact): fact is Extract<Fact, { kind: "approval" }> =>
      fact.kind === "approval" && fact.step === gate && fact.planHash === plan.hash,
  );
  const people = [...new Set<string>(said.map(({ by }) => by))].flatMap((name) => {
    const newest = said.findLast(({ by }) => by === name);
    return newest === undefined || barred(name) || places(newest).length === 0
      ? []
      : [{ name, newest }];
  });
  const no = people.find(({ newest }) => newest.verdict === "reject");
  if (no !== undefined) return `${no.name} rejected it`;
  const yes = people.filter(
    ({ newest }) =>
      (rule.expiresMs === null || view.snapshot.takenAt <= newest.at + rule.expiresMs) &&
      rule.asks.every(({ name }) => Object.hasOwn(newest.answers, name)),
  );
  const seats = new Set(yes.flatMap(({ newest }) => places(newest)));
  const counted = Math.min(yes.length, seats.size);
  return counted >= rule.count ? null : `${counted} of ${rule.count} approvals`;
};

/** The newest report that has it, or a waiver. Findings may be waived one by one: of them only that
 * anybody looked is asked here. */
const unproven = (view: DecisionView, condition: EvidenceCondition): string | null => {
  const { name, text } = condition;
  if (standing(view, "waiver").some(({ body }) => body.what === name)) return null;
  const reports = standing(view, "evidence")
    .filter(({ release }) => release === view.decision.run.plan.release.id)
    .map(({ body }) => body.evidence);
  if (reports.length === 0) return `there is no evidence for ${text}`;
  if ("deadlines" in condition) {
    const waived = standing(view, "waiver").map(({ body }) => body.what);
    const { firstSeen = [], takenAt: at } = view.snapshot;
    return lateFinding(condition, { reports, waived, firstSeen, at });
  }
  if (/vulnerabilities$/iu.test(name)) return null;
  const value = reports.findLast(({ values }) => Object.hasOwn(values, name))?.values[name];
  if (value === undefined) return `no report has ${name}`;
  return holds(condition, value) ? null : `${name} is ${String(value.value)}, not ${text}`;
};

const holds = ({ comparison, value }: ValueCondition, found: EvidenceValue): boolean => {
  const [is, bound] = [Number(found.value), Number(value.value)];
  switch (comparison) {
    case "=":
      return is === bound;
    case "<":
      return is < bound;
    case "<=":
      return is <= bound;
    case ">":
      return is > bound;
    case ">=":
      return is >= bound;
    default:
      return assertNever(comparison);
  }
};

const unticked = (view: DecisionView, gate: string, item: ChecklistItem): string | null => {
  const words = view.snapshot.facts.filter(
    (fact): fact is Tick =>
      fact.kind === "tick" &&
      fact.step === gate &&
      fact.item === item.id &&
      (item.owner.length === 0 || item.owner.includes(fact.by)),
  );
  const skipped = words.some(({ verdict }) => verdict === "skipped") && item.skippable;
  if (skipped) return null;
  const ticked = words.some(({ verdict }) => verdict === "done");
  if ((item.manual || item.check === null) && !ticked) return `nobody ticked ${item.id}`;
  if (item.check?.kind !== "task") return null;
  const applied = view.snapshot.effects.some(
    ({ effect: { body }, outcome }) =>
      body.kind === "task" && body.step === `${gate}/${item.id}` && outcome?.kind === "applied",
  );
  return applied ? null : `no check of ${item.id} succeeded`;
};

const changeText = (view: DecisionView): string | null => {
  const newest = standing(view, "changeRecord")
    .filter(({ release }) => release === view.decision.run.plan.release.id)
    .at(-1);
  if (newest === undefined) return "no change record is there";
  return newest.body.state === "approved" ? null : `change ${newest.body.id} is not approved`;
};

/** Null: none is in force. */
const freezeText = (view: DecisionView): string | null => {
  const freeze = standing(view, "freeze")[0];
  return freeze === undefined ? null : `${freeze.by} froze it: ${freeze.body.reason}`;
};

/** Why no new step may begin now: a freeze, or a denied period of a calendar that was asked before.
 * Null: nothing stands in the way. */
export const frozen = (view: DecisionView): string | null => {
  const { run, snapshot } = view;
  if (run.state.kind !== "forward" || run.origin.kind === "rollback") return null;
  if (isEmergency(view) || run.plan.onFreeze === "finish") return null;
  const asked = run.plan.steps
    .slice(0, run.state.step)
    .flatMap((step) => (step.kind === "gate" ? step.rules : []));
  const denied = asked.find(
    (rule) => rule.kind === "window" && deniedAt(rule.calendar, snapshot.takenAt) !== null,
  );
  return freezeText(view) ?? (denied === undefined ? null : `${denied.id} denies it`);
};

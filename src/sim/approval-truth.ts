// Whether so many of the named people really said yes, each in one place and each place once, and
// none of them no.

import type { ApprovalRule } from "../core/admission/rule.ts";
import type { Fact } from "../core/fact.ts";
import type { View } from "./gate-view.ts";

type Approval = Extract<Fact, { kind: "approval" }>;

/** Null: they did. */
export const unapproved = (view: View, gate: string, rule: ApprovalRule): string | null => {
  const { book, run, heard, at } = view;
  const newest = new Map<string, Approval>();
  for (const fact of book.facts(run.id, heard)) {
    if (fact.kind !== "approval" || fact.step !== gate) continue;
    if (fact.planHash === run.plan.hash) newest.set(fact.by, fact);
  }
  const words = [...newest.values()].map((word) => ({ word, places: placesOf(view, rule, word) }));
  const heardOf = words.filter(({ places }) => places.length > 0);
  const no = heardOf.find(({ word }) => word.verdict === "reject");
  if (no !== undefined) return `${no.word.by} said no`;
  const { expiresMs, asks } = rule;
  const yes = heardOf.filter(
    ({ word }) =>
      (expiresMs === null || at - word.at <= expiresMs) &&
      asks.every(({ name }) => word.answers[name] !== undefined),
  );
  const most = seats(yes.map(({ places }) => places));
  return most >= rule.count ? null : `${most} of ${rule.count} approvals`;
};

const placesOf = (view: View, rule: ApprovalRule, { by, at }: Approval): readonly string[] => {
  const { run, book, heard } = view;
  const barred = (name: string): boolean =>
    rule.notAuthor && (name === run.plan.release.author || name === run.origin.by);
  const named = (name: string): boolean => rule.from.includes(name) && !barred(name);
  if (named(by)) return [by];
  if (barred(by)) return [];
  const absences = book.standing(heard).filter(
    ({ body, from, until, at: said }) =>
      body.kind === "delegation" &&
      body.to === by &&
      said <= at &&
      from <= at &&
      (until === null || (view.at < until && at < until)),
  );
  return absences.map((one) => one.by).filter(named);
};

/** How many can sit at once, each in one of their places: every way is tried. */
const seats = (people: readonly (readonly string[])[], taken: readonly string[] = []): number => {
  const [first, ...rest] = people;
  if (first === undefined) return taken.length;
  const free = first.filter((place) => !taken.includes(place));
  return Math.max(
    seats(rest, taken),
    ...free.map((place) => seats(rest, [...taken, place])),
  );
};

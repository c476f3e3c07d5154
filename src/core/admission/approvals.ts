// N of the named people, each once, not whoever made the release or began the run, bound to the
// plan. Whoever is away may have somebody speak in their place; nobody speaks for two.

import type { Instant } from "../ids.ts";
import { later, latest } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { Run } from "../run.ts";
import { inForce } from "../standing.ts";
import { reason } from "../steps/step-result.ts";
import { seated } from "./places.ts";
import type { Approval, Approver, CountedApproval, Word } from "./places.ts";
import { unanswered } from "./questions.ts";
import { boundaries, concerning, judgedOver } from "./request.ts";
import { sorted } from "./sorted.ts";
import type { AdmissionRequest, Judgement, StandingOf } from "./request.ts";
import type { ApprovalRule, RuleResult } from "./rule.ts";

export type { Approver } from "./places.ts";
export type Said = Pick<AdmissionRequest, "step" | "run" | "facts" | "standing" | "sorted">;

export const judgeApproval = (
  id: string,
  rule: ApprovalRule,
  said: Said,
  now: Instant,
): RuleResult => {
  const { expiresMs } = rule;
  const words = newestWords(rule, said, now);
  const expiries = expiresMs === null ? [] : words.map(({ word }) => later(word.at, expiresMs + 1));
  // An absence changes nothing by itself before whoever speaks for somebody has spoken.
  const absences = concerning(said, "delegation").filter(({ body }) =>
    said.facts.some(({ by }) => by === body.to),
  );
  const times = [...expiries, ...boundaries(absences)];
  return judgedOver(id, now, times, (at) =>
    judgeAt(rule, said, at === now ? words : newestWords(rule, said, at), at),
  );
};

const judgeAt = (
  rule: ApprovalRule,
  said: Said,
  words: readonly Word[],
  at: Instant,
): Judgement => {
  const rejection = words.find(({ word }) => word.verdict === "reject");
  if (rejection !== undefined) {
    const { word, places } = rejection;
    const why = word.reason === null ? "" : `: ${word.reason}`;
    const who = placeText({ by: word.by, place: places[0] ?? word.by });
    return { kind: "deny", reasons: [reason("rejected", `${who} rejected it${why}`)] };
  }
  const counted = countedOf(rule, words, at);
  const numbers = { approvals: counted.length, needed: rule.count };
  const uncounted = uncountedReasons(rule, words, at);
  if (counted.length >= rule.count) {
    const text = `approved by ${counted.map(placeText).join(", ")}`;
    return { kind: "allow", reasons: [reason("approved", text, numbers), ...uncounted] };
  }
  return { kind: "wait", reasons: [missing(rule, said, at, counted), ...uncounted] };
};

const missing = (
  rule: ApprovalRule,
  said: Said,
  at: Instant,
  counted: readonly CountedApproval[],
): Reason => {
  const numbers = { approvals: counted.length, needed: rule.count };
  const may = eligible(rule, said.run).length;
  if (may < rule.count) {
    const barred = rule.from.filter((name) => rule.notAuthor && isAuthor(name, said.run));
    const why =
      barred.length === 0 ? "" : `; ${barred.join(", ")} made the release or asked for this run`;
    const text = `${rule.count} must approve, and only ${may} of those who are named may${why}`;
    return reason("approval-impossible", text, { ...numbers, may });
  }
  const open = approversOf(rule, said, at).filter(
    ({ by, place }) => !counted.some((one) => one.by === by || one.place === place),
  );
  const more = rule.count - counted.length;
  const who = open.map(placeText).join(", ");
  const text = `waits for ${more} more approval${more === 1 ? "" : "s"} from ${who}`;
  return reason("approval-missing", text, numbers);
};

/** Approvals that count now. */
export const countedApprovals = (
  rule: ApprovalRule,
  said: Said,
  now: Instant,
): readonly CountedApproval[] => countedOf(rule, newestWords(rule, said, now), now);

/** A person who may approve stands in their own place; those who speak for others are given places
 * so that as many as possible count. */
const countedOf = (
  rule: ApprovalRule,
  words: readonly Word[],
  now: Instant,
): readonly CountedApproval[] => {
  const valid = words.filter(
    ({ word }) =>
      word.verdict === "approve" &&
      !isExpired(rule, word, now) &&
      unanswered(rule, word.answers) === null,
  );
  const own = valid.filter(({ word, places }) => places.includes(word.by));
  const taken = new Set<string>(own.map(({ word }) => word.by));
  const standIns = valid
    .filter(({ word }) => !taken.has(word.by))
    .map(({ word, places }) => ({ word, places: places.filter((place) => !taken.has(place)) }));
  return [
    ...own.map(({ word }) => ({ by: word.by, place: word.by, at: word.at })),
    ...seated(standIns),
  ];
};

/** The newest word on this very plan of each person whose word has weight here. */
const newestWords = (rule: ApprovalRule, said: Said, at: Instant): readonly Word[] => {
  const { newest } = said.sorted ?? sorted(said);
  const may = eligible(rule, said.run);
  const words: Word[] = [];
  for (const word of newest.values()) {
    if (may.includes(word.by)) {
      words.push({ word, places: [word.by] });
      continue;
    }
    // A clock that is behind the one that wrote the word down is too late by itself: what was said
    // is said, and the absence that let it be said had begun.
    const absences = delegations(rule, said, latest(at, word.at));
    // What was said before somebody handed their place over was not said in it.
    const places = inForce(absences, "delegation", word.at)
      .filter(({ body, at: handed }) => body.to === word.by && handed <= word.at)
      .map(({ by }) => by);
    if (places.length > 0) words.push({ word, places: [...new Set(places)] });
  }
  return words;
};

/** Absences of those who may approve, in force then, to people who may stand in for them. */
const delegations = (
  rule: ApprovalRule,
  said: Said,
  at: Instant,
): readonly StandingOf<"delegation">[] => {
  const may = new Set<string>(eligible(rule, said.run));
  return inForce(concerning(said, "delegation"), "delegation", at).filter(
    ({ by, body }) => may.has(by) && !(rule.notAuthor && isAuthor(body.to, said.run)),
  );
};

/** Everybody who may approve now: the people themselves, then those who may speak for one. */
export const approversOf = (rule: ApprovalRule, said: Said, now: Instant): readonly Approver[] => {
  const may = eligible(rule, said.run);
  const others = delegations(rule, said, now)
    .filter(({ body }) => !may.includes(body.to))
    .map(({ by, body }) => ({ by: body.to, place: by }));
  return [...may.map((name) => ({ by: name, place: name })), ...others];
};

/** Who may approve in their own name: the named people, without the author where the rule says
 * so. */
export const eligible = (rule: ApprovalRule, run: Run): readonly string[] => {
  const named = [...new Set(rule.from)];
  return rule.notAuthor ? named.filter((name) => !isAuthor(name, run)) : named;
};

/** Whoever made the release, and whoever began the run: also where they write themselves with other
 * capitals. */
const isAuthor = (name: string, { plan, origin }: Run): boolean => {
  const written = name.toLowerCase();
  return plan.release.author.toLowerCase() === written || origin.by.toLowerCase() === written;
};

const isExpired = (rule: ApprovalRule, word: Approval, now: Instant): boolean =>
  rule.expiresMs !== null && now - word.at > rule.expiresMs;

/** Approvals of people whose word has weight here, and that do not count all the same. */
const uncountedReasons = (
  rule: ApprovalRule,
  words: readonly Word[],
  at: Instant,
): readonly Reason[] =>
  words.flatMap(({ word }) => {
    if (word.verdict !== "approve") return [];
    const numbers = { by: word.by, at: word.at };
    if (isExpired(rule, word, at)) {
      return [reason("approval-expired", `the approval of ${word.by} has expired`, numbers)];
    }
    const open = unanswered(rule, word.answers);
    if (open === null) return [];
    const text = `the approval of ${word.by} does not count: it does not answer "${open.name}"`;
    return [reason("approval-unanswered", text, { ...numbers, question: open.name })];
  });

const placeText = ({ by, place }: Approver): string => (by === place ? by : `${by} for ${place}`);

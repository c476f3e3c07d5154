// Who may say something: people and groups, as approvals, manual steps, checklists and emergencies
// name them. Which of the names are groups is known once all definitions are there.

import * as z from "zod";
import type { ApprovalRule, Question } from "../core/admission/rule.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { durationOrNever } from "./quantities.ts";
import { choice, count, flag, name, person, text } from "./values.ts";

const MAX_PEOPLE = 100;
const MAX_QUESTIONS = 20;
const MAX_OPTIONS = 50;

export const people = () => z.array(person()).min(1).max(MAX_PEOPLE);

/** Reports whoever is named twice, at their place in the list under `key`. Names are exact where
 * somebody signs in, so those that differ in nothing but case are most likely one person, who would
 * count for two. */
export const checkPeopleTwice = (
  names: readonly string[],
  key: string,
  ctx: IssueContext,
): void => {
  const plain = names.map((who) => who.toLowerCase());
  names.forEach((who, index) => {
    const first = names[plain.indexOf(plain[index] ?? who)];
    if (first === undefined || plain.indexOf(plain[index] ?? who) === index) return;
    const message =
      first === who
        ? `${who} is named twice`
        : `${who} and ${first} differ in nothing but upper and lower case`;
    complain(ctx, { code: "duplicate-name", message }, [key, index]);
  });
};

/** Reports what is named twice, at its place in the list under `key`. */
const checkTwice = (names: readonly string[], key: string, ctx: IssueContext): void => {
  const repeated = names.findIndex((who, index) => names.indexOf(who) !== index);
  if (repeated < 0) return;
  const message = `${names[repeated]} is named twice`;
  complain(ctx, { code: "duplicate-name", message }, [key, repeated]);
};

const question = () =>
  section({
    name: field(name(), "The answer's name, unique in this list.", "ticket"),
    text: field(text({ max: 500 }), "What is asked.", "Which ticket is this for?"),
    type: field(
      choice(["text", "number", "yesNo", "choice"]).prefault("text"),
      "What an answer is.",
      "choice",
    ),
    options: field(
      z
        .array(text({ max: 100 }))
        .min(2)
        .max(MAX_OPTIONS)
        .optional(),
      "The answers of a `choice`. Default: none.",
      ["low", "high"],
    ),
  }).transform((raw, ctx): Question => {
    if (raw.type === "choice" && raw.options === undefined) {
      const message = "options is missing: expected the answers to choose from";
      complain(ctx, { code: "missing-options", message, hint: "write options: [low, high]" });
    }
    if (raw.type !== "choice" && raw.options !== undefined) {
      const message = `expected no options for a question of type ${raw.type}`;
      complain(ctx, { code: "options-without-choice", message, hint: "write type: choice" }, [
        "options",
      ]);
    }
    checkTwice(raw.options ?? [], "options", ctx);
    return { name: raw.name, text: raw.text, type: raw.type, options: raw.options ?? [] };
  });

/** With the names as they are written: `groups` is empty, and `from` holds them, until linked. */
export const approval = () =>
  section({
    from: field(people(), "Who may approve: groups and people.", ["release-managers", "alice"]),
    count: field(
      count({ min: 1, max: MAX_PEOPLE }).prefault(1),
      "How many of them must, nobody twice.",
      2,
    ),
    notAuthor: field(flag().prefault(true), "The release's author does not count.", false),
    expires: field(
      durationOrNever().prefault("24h"),
      "An approval older than this counts no more; `never` is allowed.",
      "8h",
    ),
    asks: field(
      z.array(question()).max(MAX_QUESTIONS).prefault([]),
      "What an approver must say along with it.",
    ),
  }).transform((raw, ctx): ApprovalRule => {
    checkPeopleTwice(raw.from, "from", ctx);
    raw.asks.forEach(({ name }, index) => {
      if (raw.asks.findIndex((other) => other.name === name) === index) return;
      const message = `another question is called ${name} already`;
      complain(ctx, { code: "duplicate-name", message }, ["asks", index, "name"]);
    });
    return {
      from: raw.from,
      groups: [],
      count: raw.count,
      notAuthor: raw.notAuthor,
      expiresMs: raw.expires,
      asks: raw.asks,
    };
  });

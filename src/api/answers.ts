// Answers that an approver gives along with the word: text becomes what each question asks for, and
// what is missing or not an answer is told at once, not when it turns out not to count.

import type { Answers, ApprovalRule, Question } from "../core/admission/rule.ts";
import { didYouMean } from "../core/closest.ts";
import { assertNever } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { RefusalBody } from "../core/refusal.ts";

/** What is answered, by the rules that this word counts for. Throws a Refusal with one body for
 * each answer that is missing, of no question, or no answer to it. */
export const answersTo = (rules: readonly ApprovalRule[], given: Answers): Answers => {
  const asked = new Map(rules.flatMap((rule) => rule.asks).map((one) => [one.name, one] as const));
  const wrong: RefusalBody[] = [];
  const answers: Record<string, Answers[string]> = {};
  for (const name of Object.keys(given)) {
    if (!asked.has(name)) wrong.push(unasked(name, [...asked.keys()]));
  }
  for (const question of asked.values()) {
    const found = Object.hasOwn(given, question.name) ? given[question.name] : undefined;
    const answer = found === undefined ? null : answerOf(question, found);
    if (answer === null) wrong.push(unanswered(question, found));
    else answers[question.name] = answer;
  }
  const [first, ...others] = wrong;
  if (first !== undefined) throw new Refusal(first, ...others);
  return answers;
};

const YES = new Set(["yes", "y", "true"]);
const NO = new Set(["no", "n", "false"]);

/** Null: it is none. */
const answerOf = ({ type, options }: Question, given: Answers[string]): Answers[string] | null => {
  const text = String(given).trim();
  switch (type) {
    case "text":
      return text === "" ? null : text;
    case "number":
      return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : null;
    case "yesNo":
      if (YES.has(text.toLowerCase())) return true;
      return NO.has(text.toLowerCase()) ? false : null;
    case "choice":
      return options.find((option) => option.toLowerCase() === text.toLowerCase()) ?? null;
    default:
      return assertNever(type);
  }
};

const unasked = (name: string, asked: readonly string[]): RefusalBody => ({
  code: "unknown-question",
  where: `answer ${name}`,
  message: "this gate does not ask that of you",
  hint: asked.length === 0 ? "it asks nothing along with your word" : didYouMean(name, asked),
});

const unanswered = (question: Question, found: Answers[string] | undefined): RefusalBody => ({
  code: found === undefined ? "answer-missing" : "answer-wrong",
  where: `answer ${question.name}`,
  message:
    found === undefined
      ? `an approval here answers: ${question.text}`
      : `${JSON.stringify(String(found).slice(0, 40))} does not answer: ${question.text}`,
  hint: `--answer ${question.name}=${valueText(question)}`,
});

const valueText = ({ type, options }: Question): string => {
  switch (type) {
    case "text":
      return "TEXT";
    case "number":
      return "NUMBER";
    case "yesNo":
      return "yes|no";
    case "choice":
      return options.join("|");
    default:
      return assertNever(type);
  }
};

// Whether an approval answers what its rule asks along with it.

import type { Answers, ApprovalRule, Question } from "./rule.ts";

/** The first question that it leaves open; null: none. */
export const unanswered = (rule: ApprovalRule, given: Answers): Question | null =>
  rule.asks.find((question) => !answers(question, given)) ?? null;

const answers = ({ name, type, options }: Question, given: Answers): boolean => {
  const answer = Object.hasOwn(given, name) ? given[name] : undefined;
  switch (type) {
    case "text":
      return typeof answer === "string" && answer.trim() !== "";
    case "number":
      return typeof answer === "number" && Number.isFinite(answer);
    case "yesNo":
      return typeof answer === "boolean";
    case "choice":
      return typeof answer === "string" && options.includes(answer);
  }
};

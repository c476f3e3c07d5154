// Answers given along with an approval: what each kind of question takes, and what is told about
// the rest.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Question } from "../core/admission/rule.ts";
import { Refusal } from "../core/refusal.ts";
import { answersTo } from "./answers.ts";
import { sampleApproval } from "./sample-plan.testing.ts";

const question = (name: string, type: Question["type"], options: readonly string[] = []) => ({
  name,
  text: `what about ${name}?`,
  type,
  options,
});
const rule = {
  ...sampleApproval,
  asks: [
    question("ticket", "text"),
    question("users", "number"),
    question("tested", "yesNo"),
    question("risk", "choice", ["low", "high"]),
  ],
};
const RIGHT = { ticket: "CHG-7", users: "1200", tested: "yes", risk: "LOW" };

test("text becomes what each question asks for", () => {
  const answers = { ticket: "CHG-7", users: 1_200, tested: true, risk: "low" };
  assert.deepEqual(answersTo([rule], RIGHT), answers);
  assert.deepEqual(answersTo([rule, rule], answers), answers);
  assert.deepEqual(answersTo([rule], { ...RIGHT, users: "-1.5", tested: "N" }), {
    ...answers,
    users: -1.5,
    tested: false,
  });
});

test("where nothing is asked, nothing has to be said", () => {
  assert.deepEqual(answersTo([sampleApproval], {}), {});
});

const WRONG: readonly (readonly [string, object, string, RegExp])[] = [
  ["a missing answer", { ticket: undefined }, "answer-missing", /--answer ticket=TEXT/],
  ["an empty text", { ticket: "  " }, "answer-wrong", /ticket=TEXT/],
  ["a number that is none", { users: "many" }, "answer-wrong", /users=NUMBER/],
  ["a number too long to be one", { users: "9".repeat(40) }, "answer-wrong", /users=NUMBER/],
  ["neither yes nor no", { tested: "perhaps" }, "answer-wrong", /tested=yes\|no/],
  ["none of the choices", { risk: "medium" }, "answer-wrong", /risk=low\|high/],
  ["an answer to no question", { tiket: "x" }, "unknown-question", /did you mean ticket\?/],
  ["a name that objects have", { constructor: "x" }, "unknown-question", /known here/],
];

for (const [what, change, code, hint] of WRONG) {
  test(`${what} is refused with what to write instead`, () => {
    const given = Object.entries({ ...RIGHT, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    assert.throws(
      () => answersTo([rule], Object.fromEntries(given)),
      (error) =>
        error instanceof Refusal &&
        error.bodies.some((body) => body.code === code && hint.test(body.hint ?? "")),
    );
  });
}

test("all that is wrong is told at once", () => {
  assert.throws(
    () => answersTo([rule], { tiket: "x" }),
    (error) => error instanceof Refusal && error.bodies.length === 5,
  );
});

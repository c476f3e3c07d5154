// What admission decided at the gates of a run, read from the events that were recorded with each
// decision: every rule's result under its rule, in the plan's order.

import type { Reason } from "../core/reason.ts";
import type { Run } from "../core/run.ts";
import type { StoredEvent } from "../ports/catalog.ts";
import type { AdmissionView, DecisionView } from "./contract/admissions.ts";
import type { Answer } from "./contract/gates.ts";
import type { ApiParts } from "./parts.ts";

/** A run's answers change a few times at each gate. */
const MOST_EVENTS = 1_000;
const DECIDED = "admission.decided";

export const readAdmission = async (parts: ApiParts, run: Run): Promise<AdmissionView> => {
  const decisions: DecisionView[] = [];
  for (let after = 0; ;) {
    const events = await parts.history.events(run.id, after, MOST_EVENTS);
    const decided = events.filter(({ type }) => type === DECIDED);
    decisions.push(...decided.map((event) => decisionOf(run, event)));
    const last = events.at(-1);
    if (last === undefined || events.length < MOST_EVENTS) break;
    after = last.seq;
  }
  return {
    run: run.id,
    service: run.service,
    environment: run.environment,
    release: run.plan.release.id,
    planHash: run.plan.hash,
    decisions,
  };
};

/** The first reason sums up; each further one names its rule. */
const decisionOf = (run: Run, { at, step, reasons }: StoredEvent): DecisionView => {
  const order = rulesOf(run, step);
  const [sum, ...each] = reasons;
  const answers = Object.entries(sum?.numbers ?? {}).filter(
    (entry): entry is [string, Answer] => entry[0] !== "admission" && isAnswer(entry[1]),
  );
  return {
    at,
    step: step ?? "",
    answer: answerIn(sum, "admission"),
    rules: answers
      .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
      .map(([rule, answer]) => ({
        rule,
        answer,
        reasons: each.filter((reason) => reason.numbers?.["rule"] === rule),
      })),
  };
};

/** What is stored keeps no order of its own. */
const rulesOf = ({ plan }: Run, gate: string | null): readonly string[] =>
  plan.steps.flatMap((step) =>
    step.kind === "gate" && step.id === gate ? step.rules.map((rule) => rule.id) : [],
  );

const ANSWERS: readonly unknown[] = ["allow", "wait", "deny"] satisfies readonly Answer[];

const isAnswer = (value: unknown): value is Answer => ANSWERS.includes(value);

/** Throws where the record has none: a defect of whoever wrote it. */
const answerIn = (reason: Reason | undefined, name: string): Answer => {
  const value = reason?.numbers?.[name];
  if (isAnswer(value)) return value;
  throw new Error(`a decision of admission without its answer: ${JSON.stringify(reason)}`);
};

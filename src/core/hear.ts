// What people said since the last pass, taken into account in the order they said it. Approvals and
// answers are read by the steps they belong to; here are the words that steer the run as a whole.

import { change, happen, say } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { Fact } from "./fact.ts";
import { goBack } from "./go-back.ts";
import { reason } from "./steps/step-result.ts";

export const hear = (draft: Draft): Draft => {
  const news = draft.snapshot.facts.filter((fact) => fact.seq > draft.run.factsSeen);
  const last = news.at(-1);
  if (last === undefined) return draft;
  return change(news.reduce(hearOne, draft), { factsSeen: last.seq });
};

const hearOne = (draft: Draft, fact: Fact): Draft => {
  switch (fact.kind) {
    case "hold":
      return hold(draft, fact);
    case "resume":
      return draft.run.hold === null ? draft : resume(draft, fact);
    case "abort":
      return turnBack(draft, fact, "aborted");
    case "rollback":
      return turnBack(draft, fact, "rolledBack");
    case "approval":
    case "answer":
    case "alert":
      return draft;
  }
};

const said = (fact: Fact, what: string) => reason(`${fact.kind}-by-person`, `${fact.by} ${what}`);

const hold = (draft: Draft, fact: Extract<Fact, { kind: "hold" }>): Draft => {
  if (draft.run.state.kind === "back" || draft.run.settled !== null) {
    return say(draft, reason("hold-ignored", "going back and clearing up are not held"));
  }
  const held = { by: fact.by, reason: fact.reason, since: fact.at };
  return happen(change(draft, { hold: held }), "run.held", [
    said(fact, `holds it: ${fact.reason}`),
  ]);
};

/** What has to be there in time was not even asked for while it was held: its time begins anew.
 * What is only watched went on. */
const resume = (draft: Draft, fact: Fact): Draft => {
  const { state, plan } = draft.run;
  const going = happen(change(draft, { hold: null }), "run.resumed", [said(fact, "let it go on")]);
  if (state.kind !== "forward") return going;
  const kind = plan.steps[state.step]?.kind;
  const timed = kind === "prepare" || kind === "shift" || kind === "replace";
  return timed ? change(going, { state: { ...state, since: draft.now } }) : going;
};

const turnBack = (
  draft: Draft,
  fact: Extract<Fact, { kind: "abort" | "rollback" }>,
  outcome: "aborted" | "rolledBack",
): Draft => {
  const { run } = draft;
  if (run.state.kind === "back" || run.state.kind === "ended" || run.settled !== null) {
    const text = `${fact.kind} by ${fact.by} came when the outcome was already certain`;
    return happen(draft, "run.word-too-late", [reason("too-late", text)]);
  }
  const trigger = outcome === "aborted" ? `aborted by ${fact.by}` : `rolled back by ${fact.by}`;
  return goBack(draft, outcome, trigger, [said(fact, `says: ${fact.reason}`)]);
};

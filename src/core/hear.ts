// What people said since the last pass, taken into account in the order they said it. Approvals and
// answers are read by the steps they belong to; here are the words that steer the run as a whole.

import { change, happen, say } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { Fact } from "./fact.ts";
import { letGo } from "./freeze.ts";
import { reason } from "./steps/step-result.ts";
import { hearAgain } from "./word-again.ts";
import { hearBack } from "./word-back.ts";

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
      return resume(draft, fact);
    case "abort":
    case "rollback":
      return hearBack(draft, fact);
    case "again":
      return hearAgain(draft, fact);
    case "approval":
    case "tick":
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

/** What a freeze holds, only its end lets go: a person ends no more than a person's hold. */
const resume = (draft: Draft, fact: Fact): Draft => {
  const { hold: held, frozen } = draft.run;
  if (held === null && frozen === null) return draft;
  const text = "it is held by a freeze, and goes on after it";
  const kept = frozen === null ? draft : say(draft, reason("resume-ignored", text));
  if (held === null) return kept;
  return happen(letGo(kept, { hold: null }), "run.resumed", [said(fact, "let it go on")]);
};

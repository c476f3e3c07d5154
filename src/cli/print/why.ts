// Why a run is where it is, in sentences: what it rests on, who must do what, when it looks next.

import type { Ask, RunView } from "../../api/contract.ts";
import { clock, duration, share, version } from "./amounts.ts";
import { endText, phaseWord } from "./outcome.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { clean, wrap } from "./width.ts";
import { assertNever } from "./never.ts";

export const renderWhy = (view: RunView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const section = (title: string, sentences: readonly string[]): readonly string[] =>
    sentences.length === 0
      ? []
      : ["", paint.bold(title), ...sentences.flatMap((text) => bullet(text, options.columns))];
  return [
    ...wrap(clean(whereText(view, options.now)), options.columns),
    ...section(view.breach === null ? "Because" : "It turned back because", becauseTexts(view)),
    ...section("Who must do what", whoTexts(view)),
    ...section("What comes next", nextTexts(view, options.now)),
  ].join("\n");
};

const bullet = (text: string, columns: number): readonly string[] =>
  wrap(clean(text), columns - 4).map((line, i) => (i === 0 ? `  • ${line}` : `    ${line}`));

const whereText = (view: RunView, now: number): string => {
  const release = `${view.service} ${version(view.release)}`;
  const what = `Run ${view.id} brings ${release} to ${view.environment}`;
  if (view.outcome !== null) {
    return `${what}: ${endText(view)}.`;
  }
  const traffic = `the candidate has ${share(view.weight)} of the traffic`;
  if (view.step === null) return `${what}. It is ${phaseWord(view)}; ${traffic}.`;
  const since = duration(now - view.step.since);
  return `${what}. It is ${phaseWord(view)}, for ${since} at “${view.step.title}”; ${traffic}.`;
};

/** After a turn, what turned it comes first: that is what is asked at three in the morning. */
const becauseTexts = (view: RunView): readonly string[] => {
  const now = view.because.map((reason) => reason.text);
  if (view.breach === null) return [...new Set(now)];
  const { trigger, weight, reasons } = view.breach;
  const first = `${trigger}, with ${share(weight)} of the traffic on ${version(view.release)}`;
  return [...new Set([first, ...reasons.map((reason) => reason.text), ...now])];
};

const whoTexts = (view: RunView): readonly string[] => {
  if (view.outcome !== null) return [];
  const texts = view.asks.map((ask) => askText(view, ask));
  return texts.length === 0 ? ["nobody; it goes on by itself"] : texts;
};

const askText = (view: RunView, ask: Ask): string => {
  switch (ask.kind) {
    case "approval": {
      const given = ask.given.length === 0 ? "nobody did yet" : `${ask.given.join(", ")} did`;
      const open =
        ask.open.length === 0 ? "and nobody is left who may" : `${ask.open.join(", ")} may`;
      return `${ask.needed} must approve: ${given}, ${open} — sluice approve ${view.id}`;
    }
    case "answer": {
      const who = ask.from.length === 0 ? "somebody" : ask.from.join(" or ");
      return `${who}: ${ask.instructions} — sluice answer ${view.id} ${ask.step} "what was done"`;
    }
    case "resume":
      return `${ask.by} holds it (${ask.reason}); it goes on with: sluice resume ${view.id}`;
    case "act":
      return `a person must act: ${ask.why}`;
    default:
      return assertNever(ask);
  }
};

const nextTexts = (view: RunView, now: number): readonly string[] => {
  if (view.phase === "ended") return [];
  const texts: string[] = [];
  const steps = view.back.length > 0 ? view.back : view.steps;
  const next = steps.find((step) => step.state === "waiting");
  if (next !== undefined) texts.push(`then: ${next.title}`);
  if (view.nextLookAt !== null) {
    const at = view.nextLookAt;
    texts.push(
      at <= now ? "it looks again now" : `it looks again in ${duration(at - now)}, at ${clock(at)}`,
    );
  }
  return texts;
};

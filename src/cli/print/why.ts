// Why a run is where it is, in sentences: what it rests on, who must do what, when it looks next.

import type { Ask } from "../../api/contract/asks.ts";
import type { RunView } from "../../api/contract/runs.ts";
import { clock, duration, share, version } from "./amounts.ts";
import { behindText, behindWords } from "./behind.ts";
import { dueText, failText } from "./gate-lines.ts";
import { momentText } from "./moments.ts";
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
    ...section("Who must do what", whoTexts(view, options.now)),
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
  const rest = view.strategy === "train" ? "" : `; ${traffic}`;
  if (view.step === null) return `${what}. It is ${phaseWord(view)}${rest}.`;
  const since = duration(now - view.step.since);
  const gate = view.gates.find((one) => one.state === "here");
  const where = gate === undefined ? `“${view.step.title}”` : `the gate ${gate.step}`;
  return `${what}. It is ${phaseWord(view)}, for ${since} at ${where}${rest}.`;
};

/** After a turn, what turned it comes first: that is what is asked at three in the morning. */
const becauseTexts = (view: RunView): readonly string[] => {
  const behind = behindText(view);
  const now = [
    ...(behind === null ? [] : [behind]),
    ...(gateReasons(view) ?? view.because).map((reason) => reason.text),
  ];
  if (view.breach === null) return [...new Set(now)];
  const { trigger, weight, reasons } = view.breach;
  const at = `, with ${share(weight)} of the traffic on ${version(view.release)}`;
  const first = `${trigger}${view.strategy === "train" ? "" : at}`;
  return [...new Set([first, ...reasons.map((reason) => reason.text), ...now])];
};

/** At a gate, what holds it as of now: its last pass may be a while ago. */
const gateReasons = ({ gates }: RunView): RunView["because"] | null => {
  const here = gates.find((gate) => gate.state === "here");
  if (here === undefined || here.answer === "allow") return null;
  return here.rules.filter((rule) => rule.answer !== "allow").flatMap((rule) => rule.reasons);
};

const whoTexts = (view: RunView, now: number): readonly string[] => {
  // What is left to do afterwards holds nobody up.
  const ticks = view.asks.filter((ask) => ask.kind === "tick");
  if (view.outcome !== null) return ticks.map((ask) => askText(view, ask, now));
  const texts = [...view.asks.map((ask) => askText(view, ask, now)), ...behindWords(view)];
  return texts.length === 0 ? ["nobody; it goes on by itself"] : texts;
};

const tickText = (view: RunView, ask: Extract<Ask, { kind: "tick" }>, now: number): string => {
  const who = ask.from.length === 0 ? "somebody" : ask.from.join(" or ");
  const due = ask.dueAt === null ? "" : ` (${dueText(ask.dueAt, ask.late, now)})`;
  const word =
    ask.needs === "nothing" ? "--done" : ask.needs === "link" ? "--done LINK" : "--done TEXT";
  const skip = ask.skippable ? ", or --skip WHY" : "";
  return `${who}: ${ask.text}${due} — sluice tick ${view.id} ${ask.item} ${word}${skip}`;
};

const askText = (view: RunView, ask: Ask, now: number): string => {
  switch (ask.kind) {
    case "approval": {
      const given = ask.given.length === 0 ? "nobody did yet" : `${ask.given.join(", ")} did`;
      const open =
        ask.open.length === 0 ? "and nobody is left who may" : `${ask.open.join(", ")} may`;
      const answers = ask.questions.map(({ name }) => ` --answer ${name}=…`).join("");
      return `${ask.needed} must approve: ${given}, ${open} — sluice approve ${view.id}${answers}`;
    }
    case "tick":
      return tickText(view, ask, now);
    case "evidence":
      return (
        `evidence is missing or not good enough: ${ask.lacks.join("; ")} — ` +
        `sluice evidence add ${view.release} FILE, or sluice waive ${view.release} WHAT`
      );
    case "change":
      return (
        "a change record has to be approved — " +
        `sluice change ${view.release} ID --state approved`
      );
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

/** What changes by itself at the gate where it stands, and when. */
const opensTexts = (view: RunView, now: number): readonly string[] => {
  const here = view.gates.find((gate) => gate.state === "here");
  if (here === undefined) return [];
  const fails = here.answer === "allow" || here.failsAt === null ? null : here.failsAt;
  return [
    ...here.rules.flatMap((rule) =>
      rule.answer === "wait" && rule.until !== null
        ? [`${rule.text} from ${momentText(rule.until, now)}`]
        : [],
    ),
    ...(fails === null ? [] : [failText(here, fails, now)]),
  ];
};

const nextTexts = (view: RunView, now: number): readonly string[] => {
  if (view.phase === "ended") return [];
  const texts: string[] = [...opensTexts(view, now)];
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

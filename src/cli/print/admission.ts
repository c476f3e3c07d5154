// What admission decided at the gates of a run, each time its answer changed: every rule, and what
// it rested on then.

import type { AdmissionView, DecisionView } from "../../api/contract/admissions.ts";
import { moment, version } from "./amounts.ts";
import { paintFor } from "./paint.ts";
import type { Ink, Paint, PrintOptions } from "./paint.ts";
import { clean, padEnd, widthOf, wrap } from "./width.ts";

const WORDS: Readonly<
  Record<
    DecisionView["answer"],
    { readonly mark: string; readonly ink: Ink; readonly word: string }
  >
> = {
  allow: { mark: "✔", ink: "green", word: "allowed" },
  wait: { mark: "○", ink: "yellow", word: "not yet" },
  deny: { mark: "✖", ink: "red", word: "denied" },
};

export const renderAdmission = (view: AdmissionView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const head = [
    paint.bold(clean(`${view.service} ${version(view.release)} → ${view.environment}`)),
    paint.dim(clean(`run ${view.run}, plan ${shortHash(view.planHash)}`)),
  ];
  if (view.decisions.length === 0) {
    return [...head, "", "Nothing was asked at a gate of this run yet."].join("\n");
  }
  const decisions = view.decisions.map((decision) => decisionLines(decision, options, paint));
  return [head, ...decisions].map((lines) => lines.join("\n")).join("\n\n");
};

/** As much of it as people compare; --json has all of it. */
const shortHash = (hash: string): string => hash.replace("sha256:", "").slice(0, 12);

const decisionLines = (
  decision: DecisionView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const { ink, word } = WORDS[decision.answer];
  const cells = Math.max(0, ...decision.rules.map(({ rule }) => widthOf(clean(rule))));
  return [
    `${moment(decision.at)}  ${clean(decision.step)}: ${paint[ink](word)}`,
    ...decision.rules.flatMap((rule) => ruleLines(rule, cells, options, paint)),
  ];
};

const ruleLines = (
  { rule, answer, reasons }: DecisionView["rules"][number],
  cells: number,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const { mark, ink } = WORDS[answer];
  const room = Math.max(20, columns - cells - 6);
  const texts = [...new Set(reasons.map(({ text }) => text))];
  const lines = texts.flatMap((text) => wrap(clean(text), room));
  const [first = "", ...rest] = lines;
  return [
    `  ${paint[ink](mark)} ${padEnd(clean(rule), cells)}  ${first}`.trimEnd(),
    ...rest.map((line) => `${" ".repeat(cells + 6)}${paint.dim(line)}`),
  ];
};

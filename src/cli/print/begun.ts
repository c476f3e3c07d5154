// What to say when something was set going: what it is, and how to look after it.

import type { BegunView } from "../../api/contract/orders.ts";
import type { RunView } from "../../api/contract/runs.ts";
import { version } from "./amounts.ts";
import { behindText, behindWords, sentBackWords } from "./behind.ts";
import { phaseWord } from "./outcome.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { clean, wrap } from "./width.ts";

export const renderBegun = (
  view: RunView & Pick<BegunView, "already">,
  options: PrintOptions,
  /** What had begun in the lane was to be sent back first. */
  superseding = false,
): string => {
  const paint = paintFor(options.colour);
  const what = `${view.service} ${version(view.release)} → ${view.environment}`;
  return [
    `${paint.bold(clean(what))}  run ${clean(view.id)}, ${phaseWord(view)}`,
    ...(view.already === true ? [paint.yellow("it was there already; nothing new was begun")] : []),
    ...behindLines(view, superseding).map((text) => paint.yellow(text)),
    ...view.left.flatMap(({ text }) =>
      wrap(clean(text), options.columns).map((line) => paint.yellow(line)),
    ),
    paint.dim(clean(`watch it: sluice show ${view.id} --watch`)),
  ].join("\n");
};

const behindLines = (view: RunView, superseding: boolean): readonly string[] => {
  const text = behindText(view);
  if (text === null) return [];
  const words = superseding ? sentBackWords(view) : behindWords(view);
  return [clean(text), ...words.map((word) => `  ${clean(word)}`)];
};

/** After a word to a run: what was said, and what the run's next look will make of it. */
export const renderSaid = (view: RunView, said: string, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const where = `${view.service} ${version(view.release)} → ${view.environment}`;
  return `${paint.green("✔")} ${clean(said)}\n  ${paint.dim(clean(`${where}, run ${view.id}`))}`;
};

// One run as a picture: what goes where, how the traffic is split, the tree of its steps with what
// is measured, and what holds it. The live view and `show` are the same picture.

import type { RunView } from "../../api/contract/runs.ts";
import { duration, share, version } from "./amounts.ts";
import { shareBar } from "./bar.ts";
import { behindText, behindWords } from "./behind.ts";
import { folded } from "./fold.ts";
import { memberLines } from "./member-lines.ts";
import { endText, hasTurned, outcomeInk } from "./outcome.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { stepLines } from "./step-lines.ts";
import { clean, cut, padEnd, widthOf, wrap, wrapLines } from "./width.ts";

/** Lines without a line feed at the end; none wider than `columns`. With `rows`, steps are folded
 * until they fit, as far as they can be. */
export const renderRun = (view: RunView, options: PrintOptions & { rows?: number }): string => {
  const all = picture(view, options);
  if (options.rows === undefined) return all;
  const excess = all.split("\n").length - options.rows;
  return excess <= 0 ? all : picture(folded(view, excess), options);
};

/** Wider than this the eye loses its line. */
const MOST_COLUMNS = 100;

const picture = (view: RunView, given: PrintOptions): string => {
  const options = { ...given, columns: Math.min(given.columns, MOST_COLUMNS) };
  const paint = paintFor(options.colour);
  const parts = [
    headLines(view, options, paint),
    trafficLines(view, options, paint),
    stepLines(forward(view), options, paint),
    memberLines(view.members, options, paint),
    backLines(view, options, paint),
    footLines(view, options, paint),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
};

const headLines = (view: RunView, { columns }: PrintOptions, paint: Paint): readonly string[] => {
  const id = `run ${view.id}`;
  const title = `${view.service} ${version(view.release)} → ${view.environment}`;
  const room = columns - widthOf(id) - 2;
  const shown = cut(clean(title), room);
  const why = view.origin.reason === null ? "" : `: ${view.origin.reason}`;
  const from = view.from === null ? "first installation" : `from ${version(view.from)}`;
  const about = `${from} · ${view.strategy} · ${view.origin.kind} by ${view.origin.by}${why}`;
  return [
    `${padEnd(paint.bold(shown), room)}  ${paint.dim(id)}`,
    ...wrap(clean(about), columns).map((line) => paint.dim(line)),
  ];
};

const BAR_CELLS = 24;
const NARROW_COLUMNS = 60;

const trafficLines = (
  view: RunView,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  if (view.phase === "queued" || view.strategy === "train") return [];
  const candidate = cut(clean(version(view.release)), 20);
  const bar = shareBar(view.weight, columns < NARROW_COLUMNS ? 10 : BAR_CELLS, paint);
  const left = `  ${candidate} ${bar} ${share(view.weight)}`;
  if (view.from === null) return [left];
  const room = columns - widthOf(left) - 3;
  const right = `${version(view.from)} ${share(1_000 - view.weight)}`;
  return room < widthOf(right) ? [left] : [`${left}   ${paint.dim(clean(right))}`];
};

const forward = (view: RunView) => ({
  steps: view.steps,
  gauges: view.back.length > 0 ? [] : view.gauges,
  gates: view.gates,
  held: view.hold !== null || view.frozen !== null,
  stalled: view.stalled !== null,
});

const backLines = (view: RunView, options: PrintOptions, paint: Paint): readonly string[] => {
  if (!hasTurned(view)) return [];
  const target = view.backTo ?? view.from;
  const title = target === null ? "the way back" : `the way back to ${version(target)}`;
  const printed = { ...forward(view), steps: view.back };
  return [paint.bold(`  ${clean(title)}`), ...stepLines(printed, options, paint)];
};

/** A long text with the end of an output stands under its step already. */
const breachTexts = (
  view: RunView,
  { trigger, weight, reasons }: NonNullable<RunView["breach"]>,
): readonly [mark: string, text: string, ...more: string[]] => {
  const [first = ""] = trigger.split(OUTPUT);
  const told = reasons.map(({ text }) => text).filter((text) => !trigger.includes(text));
  const untouched = view.outcome !== null && !hasTurned(view);
  const word = untouched ? "ended" : "turned back";
  const at = view.strategy === "train" || untouched ? "" : ` at ${share(weight)} of the traffic`;
  return ["✖", `${word}${at}: ${first}`, ...told.slice(0, 3)];
};

/** What stands before the output of a command that failed. */
const OUTPUT = /; the end of its output:|\n/;

const footLines = (view: RunView, options: PrintOptions, paint: Paint): readonly string[] => {
  const lines: string[] = [];
  const say = (mark: string, text: string, ink: (text: string) => string): void => {
    const [first = "", ...rest] = wrapLines(text, options.columns - 4);
    lines.push(`  ${ink(mark)} ${ink(first)}`, ...rest.map((line) => `    ${ink(line)}`));
  };
  if (view.breach !== null) {
    const [mark, text, ...more] = breachTexts(view, view.breach);
    say(mark, text, paint.red);
    for (const reason of more) say(" ", reason, paint.dim);
  }
  for (const { text } of view.left) say("!", text, paint.yellow);
  if (view.hold !== null) {
    const since = duration(options.now - view.hold.since);
    say("⏸", `held by ${view.hold.by} for ${since}: ${view.hold.reason}`, paint.yellow);
  }
  if (view.frozen !== null) {
    const since = duration(options.now - view.frozen.since);
    say("❄", `frozen for ${since}: ${view.frozen.reason}`, paint.yellow);
  }
  if (view.stalled !== null) say("!", `a person must act: ${view.stalled.why}`, paint.red);
  if (view.noReturn !== null && view.outcome === null) {
    say("!", `behind ${view.noReturn}: nothing goes back by itself any more`, paint.yellow);
  }
  if (view.origin.emergency !== null && view.outcome === null) {
    const left = view.origin.emergency.until - options.now;
    const text =
      left > 0
        ? `an emergency: past windows and freezes for ${duration(left)}`
        : "begun as an emergency; windows and freezes count again";
    say("!", text, paint.yellow);
  }
  if (view.phase === "queued") {
    say("…", behindText(view) ?? view.because[0]?.text ?? "waits for its turn", paint.dim);
    for (const word of behindWords(view)) say("!", word, paint.yellow);
  }
  if (view.outcome !== null) {
    const { mark, ink } = outcomeInk(view.outcome);
    say(mark, endText(view), paint[ink]);
  }
  return lines;
};

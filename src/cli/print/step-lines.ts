// The steps of a run as a list with marks: what is done and how long it took, what goes on, what
// comes. Runs of skipped steps are told as one.

import type { GateView } from "../../api/contract/gates.ts";
import type { Gauge } from "../../api/contract/gauges.ts";
import type { StepView } from "../../api/contract/runs.ts";
import { age, duration } from "./amounts.ts";
import { gateLines, ruleLines } from "./gate-lines.ts";
import { gaugeLines } from "./gauge-lines.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { clean, cut, padEnd, widthOf, wrapLines } from "./width.ts";
import { assertNever } from "./never.ts";

export interface StepsPrinted {
  readonly steps: readonly StepView[];
  /** Shown under the step that is active. */
  readonly gauges: readonly Gauge[];
  /** Gates that are not passed: the present one is shown with all it asks. */
  readonly gates: readonly GateView[];
  readonly held: boolean;
  readonly stalled: boolean;
}

const INDENT = "    ";
/** A shorter piece of a note says nothing. */
const LEAST_NOTE_CELLS = 12;

export const stepLines = (
  printed: StepsPrinted,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const lines: string[] = [];
  let skipped = 0;
  for (const step of printed.steps) {
    if (step.state === "skipped" && step.note === null) {
      skipped += 1;
      continue;
    }
    if (skipped > 0) lines.push(skippedLine(skipped, paint));
    skipped = 0;
    lines.push(
      headLine(step, printed, options, paint),
      ...detailLines(step, printed, options, paint),
    );
  }
  if (skipped > 0) lines.push(skippedLine(skipped, paint));
  return lines;
};

const skippedLine = (count: number, paint: Paint): string =>
  paint.dim(`  – ${count} step${count === 1 ? "" : "s"} not taken`);

const headLine = (
  step: StepView,
  printed: StepsPrinted,
  options: PrintOptions,
  paint: Paint,
): string => {
  const time = timeText(step, options.now);
  const room = titleRoom(step, options);
  const shown = titleText(step, room, paint);
  const line = time === "" ? shown : `${padEnd(shown, room)}  ${paint.dim(time)}`;
  return `  ${mark(step, printed, paint)} ${line}`;
};

/** Beside its time. */
const titleRoom = (step: StepView, { columns, now }: PrintOptions): number => {
  const time = timeText(step, now);
  return columns - INDENT.length - (time === "" ? 0 : widthOf(time) + 2);
};

/** A step that is done has its numbers beside its title, as far as there is room. */
const titleText = (step: StepView, room: number, paint: Paint): string => {
  const title = cut(clean(step.title), room);
  if (step.state === "active") return paint.bold(title);
  if (step.state === "waiting" || step.state === "skipped") return paint.dim(title);
  if (step.state !== "done" || step.note === null) return title;
  const left = room - widthOf(title) - 3;
  return left < LEAST_NOTE_CELLS || isToldBelow(step, room)
    ? title
    : `${title} ${paint.dim(`· ${cut(clean(step.note), left)}`)}`;
};

/** What taking something back has made of it is told whole: somebody may need it at once. */
const isToldBelow = ({ id, title, note, state }: StepView, room: number): boolean =>
  state === "done" && note !== null && UNDO.test(id) && widthOf(clean(`${title} · ${note}`)) > room;

const UNDO = /^(?:back-)?undo-/;

const mark = (step: StepView, printed: StepsPrinted, paint: Paint): string => {
  switch (step.state) {
    case "done":
      return paint.green("✔");
    case "failed":
      return paint.red("✖");
    case "waiting":
      return paint.dim("○");
    case "skipped":
      return paint.dim("–");
    case "active":
      if (printed.stalled) return paint.red("!");
      return printed.held ? paint.yellow("⏸") : paint.cyan("●");
    default:
      return assertNever(step.state);
  }
};

const timeText = (step: StepView, now: number): string => {
  if (step.tookMs !== null) return duration(step.tookMs);
  if (step.state !== "active" || step.since === null) return "";
  const planned =
    step.plannedMs === null || step.plannedMs === 0 ? "" : ` of ${duration(step.plannedMs)}`;
  return `${age(now - step.since)}${planned}`;
};

/** Of a gate further on, only what it would not pass now. */
const gateText = (gate: GateView, options: PrintOptions, paint: Paint): readonly string[] => {
  if (gate.state === "here") return gateLines(gate, options, paint);
  const missing = gate.rules.filter((rule) => rule.answer !== "allow");
  return missing.flatMap((rule) => ruleLines(rule, options, paint).slice(0, 2));
};

/** Under an active step its measurements or its note; under a failed one why. */
const detailLines = (
  step: StepView,
  printed: StepsPrinted,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const room = options.columns - INDENT.length;
  const gate = printed.gates.find((one) => one.step === step.id);
  if (gate !== undefined && (step.state === "active" || step.state === "waiting")) {
    const lines = gateText(gate, { ...options, columns: room }, paint);
    return lines.map((line) => INDENT + line);
  }
  if (step.state === "active" && printed.gauges.length > 0) {
    return gaugeLines(printed.gauges, room, paint).map((line) => INDENT + line);
  }
  const passed = step.state === "done" && !isToldBelow(step, titleRoom(step, options));
  if (step.note === null || step.state === "waiting" || passed) return [];
  const ink = step.state === "failed" ? paint.red : paint.dim;
  return wrapLines(step.note, room).map((line) => INDENT + ink(line));
};

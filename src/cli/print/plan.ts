// A plan before anything happens: the steps with their concrete values, and what is different from
// the last one of the lane.

import type { GateView } from "../../api/contract/gates.ts";
import type { Forecast, Plan, PlanView } from "../../api/contract/orders.ts";
import { version } from "./amounts.ts";
import { gateLines } from "./gate-lines.ts";
import { lineDiff } from "./line-diff.ts";
import type { DiffLine } from "./line-diff.ts";
import { missingLines } from "./missing-secrets.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { comparable, planFacts, stepText } from "./plan-text.ts";
import { phaseLines } from "./phases.ts";
import { clean, cut, padEnd, padStart, widthOf, wrap } from "./width.ts";
import { assertNever } from "./never.ts";

/** With `gates`, each rule is shown with its answer as of now. */
export const renderPlan = (
  {
    plan,
    against,
    gates = [],
    phases = null,
    members = [],
    missingSecrets = [],
    place = {},
  }: PlanView & Partial<Forecast>,
  options: PrintOptions,
): string => {
  const paint = paintFor(options.colour);
  const parts = [
    [...headLines(plan, options, paint), ...placeLines(plan, place, options, paint)],
    ...(phases === null ? [] : [phaseLines(phases, options, false)]),
    stepLines(plan, gates, options, paint),
    factLines(plan, options, paint),
    ...(missingSecrets.length === 0 ? [] : [missingLines(missingSecrets, options, paint)]),
    diffLines(plan, against, options, paint),
  ];
  const own = parts.map((lines) => lines.join("\n"));
  return [...own, ...members.map((member) => renderPlan(member, options))].join("\n\n");
};

const HASH_CELLS = 12;

const headLines = (plan: Plan, { columns }: PrintOptions, paint: Paint): readonly string[] => {
  const hash = `plan ${plan.hash.replace("sha256:", "").slice(0, HASH_CELLS)}`;
  const room = columns - widthOf(hash) - 2;
  const title = cut(
    clean(`${plan.service} ${version(plan.release.id)} → ${plan.environment}`),
    room,
  );
  const from = plan.from === null ? "first installation" : `from ${version(plan.from.id)}`;
  return [
    `${padEnd(paint.bold(title), room)}  ${paint.dim(hash)}`,
    paint.dim(cut(clean(`${from} · ${plan.strategy} · playbook ${plan.playbook}`), columns)),
  ];
};

const ABOUT = ["purpose", "stability", "data", "monitoring", "availability"] as const;

/** Where it goes, in the words of whoever defined the place. */
const placeLines = (
  { environment }: Plan,
  place: NonNullable<Forecast["place"]>,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const said = ABOUT.flatMap((what) =>
    place[what] === undefined ? [] : [`${what} – ${place[what]}`],
  );
  if (said.length === 0) return [];
  return wrap(clean(`about ${environment}: ${said.join(" · ")}`), columns).map(paint.dim);
};

const stepLines = (
  plan: Plan,
  gates: readonly GateView[],
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const { columns } = options;
  const digits = String(plan.steps.length).length;
  const indent = " ".repeat(digits + 4);
  return plan.steps.flatMap((step, index) => {
    const { title, time, details } = stepText(step);
    const number = padStart(String(index + 1), digits);
    const room = columns - indent.length - (time === "" ? 0 : widthOf(time) + 2);
    const shown = cut(clean(title), room);
    const head = time === "" ? shown : `${padEnd(shown, room)}  ${paint.dim(time)}`;
    const gate = gates.find((one) => one.step === step.id);
    const inner = columns - indent.length - 2;
    const rest =
      gate === undefined
        ? details.flatMap((detail) => wrap(clean(detail), inner)).map(paint.dim)
        : gateLines(gate, { ...options, columns: inner }, paint);
    return [`  ${paint.dim(number)}  ${head}`, ...rest.map((line) => `${indent}  ${line}`)];
  });
};

const factLines = (plan: Plan, { columns }: PrintOptions, paint: Paint): readonly string[] => {
  const facts = planFacts(plan);
  const names = Math.max(...facts.map(([name]) => widthOf(name)));
  let previous = "";
  return facts.flatMap(([name, value]) => {
    const label = name === previous ? "" : name;
    previous = name;
    return wrap(clean(value), columns - names - 4).map(
      (line, i) => `  ${paint.dim(padEnd(i === 0 ? label : "", names))}  ${line}`,
    );
  });
};

const diffLines = (
  plan: Plan,
  against: Plan | null,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  if (against === null)
    return [paint.dim("There is no earlier plan of this lane to compare with.")];
  const name = `the last plan here (${version(against.release.id)})`;
  const lines = lineDiff(comparable(against), comparable(plan));
  const shown = lines.filter((line, index) => line.kind !== "same" || headsChange(lines, index));
  if (shown.length === 0) {
    const but = against.release.id === plan.release.id ? "" : " but the release";
    return [paint.dim(`No difference from ${name}${but}.`)];
  }
  return [`Different from ${name}:`, ...shown.map((line) => diffLine(line, options, paint))];
};

/** The step's own line above a changed detail, so that one knows where the change is. */
const headsChange = (lines: readonly DiffLine[], index: number): boolean => {
  if (lines[index]?.text.startsWith("  ") === true) return false;
  for (const line of lines.slice(index + 1)) {
    if (!line.text.startsWith("  ")) return false;
    if (line.kind !== "same") return true;
  }
  return false;
};

const diffLine = ({ kind, text }: DiffLine, { columns }: PrintOptions, paint: Paint): string => {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const shown = indent + cut(clean(text.trim()), columns - 4 - indent.length);
  switch (kind) {
    case "new":
      return paint.green(`  + ${shown}`);
    case "gone":
      return paint.red(`  - ${shown}`);
    case "same":
      return paint.dim(`    ${shown}`);
    default:
      return assertNever(kind);
  }
};

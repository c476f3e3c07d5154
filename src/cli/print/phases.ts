// Phases as a tree: a line for each with its day and how it stands, and below it who is there for
// it and how risky it is.

import type { PhasesView, PhaseState, PhaseView } from "../../api/contract/phases.ts";
import { version } from "./amounts.ts";
import { bothClocks, distance } from "./moments.ts";
import { paintFor } from "./paint.ts";
import type { Ink, Paint, PrintOptions } from "./paint.ts";
import { clean, cut, padEnd, widthOf, wrap } from "./width.ts";

const MARKS: Readonly<Record<PhaseState, { readonly mark: string; readonly ink: Ink }>> = {
  verified: { mark: "✔", ink: "green" },
  underWay: { mark: "▶", ink: "cyan" },
  open: { mark: "○", ink: "yellow" },
  late: { mark: "!", ink: "red" },
  ahead: { mark: "·", ink: "dim" },
};

/** With everything that is known of each phase. */
export const renderPhases = (view: PhasesView, options: PrintOptions): string =>
  phaseLines(view, options, true).join("\n");

/** `whole`: with who is there for each. */
export const phaseLines = (
  view: PhasesView,
  options: PrintOptions,
  whole: boolean,
): readonly string[] => {
  const paint = paintFor(options.colour);
  const release = view.release === null ? "no release yet" : version(view.release);
  const days = widest(view.phases.map(dayText));
  const names = widest(view.phases.map(({ environment }) => environment));
  return [
    `${paint.bold(clean(`${view.service} ${release}`))}  ${paint.dim(`rollout ${view.rollout}`)}`,
    ...view.phases.flatMap((phase, index) => {
      const last = index === view.phases.length - 1;
      const { mark, ink } = MARKS[phase.state];
      const head = [
        `${paint.dim(last ? "└" : "├")} ${paint[ink](mark)}`,
        padEnd(dayText(phase), days),
        padEnd(clean(phase.environment), names),
      ].join(" ");
      const room = options.columns - widthOf(head) - 2;
      const [first = "", ...more] = wrap(clean(stateText(phase, options.now)), room);
      const bar = paint.dim(last ? " " : "│");
      const indent = " ".repeat(widthOf(head));
      const details = whole ? detailLines(phase, options.columns - 6, paint) : [];
      return [
        `${head}  ${first}`,
        ...more.map((line) => `${bar}${indent} ${line}`),
        ...details.map((line) => `${bar}     ${line}`),
      ];
    }),
  ];
};

const widest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map((text) => widthOf(clean(text))));

const dayText = ({ days }: PhaseView): string => `day ${days}`;

const stateText = (phase: PhaseView, now: number): string => {
  const { state, verifiedAt, opens, closes, certain, run, late } = phase;
  const until = closes === null ? "" : `, until ${bothClocks(closes)}`;
  const by = run === null ? "" : `; run ${run}`;
  switch (state) {
    case "verified":
      return verifiedAt === null
        ? "verified"
        : `verified ${bothClocks(verifiedAt)}, ${distance(verifiedAt.at, now)}`;
    case "underWay":
      return `under way${until}${by}`;
    case "open":
      return closes === null ? "may begin on any day" : `may begin${until}`;
    case "late": {
      const over = closes === null ? "" : ` since ${bothClocks(closes)}`;
      return `late${over}${late === "refuse" ? "; a run of it is refused" : ""}${by}`;
    }
    case "ahead": {
      if (opens === null) return "counted from the day on which day 1 is verified";
      const word = certain ? "opens" : "planned for";
      return `${word} ${bothClocks(opens)}, ${distance(opens.at, now)}${by}`;
    }
  }
};

const detailLines = (phase: PhaseView, room: number, paint: Paint): readonly string[] => {
  const { type, risk, downtime, rollback, window, approval, deploy, inform } = phase;
  const facts = [
    [`${type}`, `${risk} risk`, `downtime ${downtime}`, `rollback ${rollback}`],
    [
      ...(window === null ? [] : [`window ${window}`]),
      ...(deploy.length === 0 ? [] : [`deploys: ${deploy.join(", ")}`]),
      ...(approval === null ? [] : [`approve: ${approval.needed} of ${approval.from.join(", ")}`]),
      ...(inform.length === 0 ? [] : [`informs: ${inform.join(", ")}`]),
    ],
  ];
  return facts
    .filter((texts) => texts.length > 0)
    .flatMap((texts) => wrap(clean(texts.join(" · ")), room))
    .map((line) => paint.dim(cut(line, room)));
};

// Runs as a list, newest first.

import type { RunBrief, RunList } from "../../api/contract/runs.ts";
import { age, duration, share, version } from "./amounts.ts";
import { outcomeInk, outcomeWord, phaseWord } from "./outcome.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { table } from "./table.ts";
import type { Cell } from "./table.ts";

export const renderRuns = ({ runs }: RunList, options: PrintOptions): string => {
  if (runs.length === 0) return "Nothing has run yet.";
  const paint = paintFor(options.colour);
  const columns = [
    { title: "RUN" },
    { title: "WHAT", gives: true },
    { title: "STATE" },
    { title: "TOOK", right: true },
    { title: "AGO", right: true },
  ];
  return table(
    columns,
    runs.map((run) => rowOf(run, options.now, paint)),
    options.columns,
    paint,
  );
};

const rowOf = (run: RunBrief, now: number, paint: Paint): readonly Cell[] => [
  { text: run.id },
  { text: `${run.service} ${run.environment} ${fromTo(run)}`, ink: paint.bold },
  stateCell(run, paint),
  { text: duration((run.settledAt ?? now) - run.createdAt), ink: paint.dim },
  { text: age(now - run.createdAt), ink: paint.dim },
];

const fromTo = (run: RunBrief): string =>
  run.from === null ? version(run.release) : `${version(run.from)} → ${version(run.release)}`;

const stateCell = (run: RunBrief, paint: Paint): Cell => {
  if (run.outcome !== null) {
    const { mark, ink } = outcomeInk(run.outcome);
    return { text: `${mark} ${outcomeWord(run.outcome)}`, ink: paint[ink] };
  }
  const text = `${phaseWord(run)} ${share(run.weight)}`;
  return {
    text,
    ink: ["held", "frozen", "stalled"].includes(phaseWord(run)) ? paint.yellow : paint.cyan,
  };
};

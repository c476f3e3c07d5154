// Watching a run: redrawn in place on a terminal, told line by line elsewhere. Ends when the
// outcome is certain, or when the run has ended where that is asked for.

import type { RunView, StepView } from "../api/contract/runs.ts";
import type { Client } from "./client.ts";
import { CliFailure } from "./cli-failure.ts";
import type { Context } from "./context.ts";
import { EXIT } from "./exit-code.ts";
import type { Output } from "./io.ts";
import { progressLines } from "./print/progress.ts";
import { renderRun } from "./print/run-tree.ts";
import { openScreen } from "./screen.ts";

/** Times in the picture go on although nothing happened. */
const TICK_MS = 500;
const USUAL_ROWS = 24;

/** The last view. With --json the picture goes to stderr: stdout is for the document. */
export const followRun = async (
  context: Context,
  client: Client,
  run: string,
  until: (view: RunView) => boolean,
): Promise<RunView> => {
  const { io } = context;
  const output = context.json ? io.stderr : io.stdout;
  const stop = new AbortController();
  const signal = AbortSignal.any([io.interrupted, stop.signal]);
  const show = output.isTTY ? liveShow(context, output) : lineShow(context, output);
  let last: RunView | null = null;
  try {
    for await (const view of client.follow(run, signal)) {
      last = view;
      show.view(view);
      if (until(view)) break;
    }
  } finally {
    stop.abort();
    show.end();
  }
  if (last !== null) {
    if (io.interrupted.aborted && !hasEnded(last)) {
      io.stderr.write(`the run goes on; look at it with: sluice show ${last.id} --watch\n`);
    }
    return last;
  }
  throw new CliFailure(EXIT.unreachable, {
    code: "unreachable",
    message: `nothing was heard of run ${run}`,
  });
};

interface Show {
  view(view: RunView): void;
  end(): void;
}

const liveShow = (context: Context, output: Output): Show => {
  const screen = openScreen(output);
  let last: RunView | null = null;
  const draw = (): void => {
    if (last === null) return;
    const rows = (output.size()?.rows ?? USUAL_ROWS) - 1;
    screen.draw(renderRun(last, { ...context.printing(output), rows }));
  };
  const timer = setInterval(draw, TICK_MS);
  return {
    view: (view) => {
      last = view;
      draw();
    },
    end: () => {
      clearInterval(timer);
      draw();
      screen.end();
    },
  };
};

const lineShow = (context: Context, output: Output): Show => {
  const { io } = context;
  let before: RunView | null = null;
  return {
    view: (view) => {
      const lines = progressLines(before, view, io.now());
      before = view;
      if (lines.length > 0) output.write(`${lines.join("\n")}\n`);
    },
    end: () => undefined,
  };
};

/** Its outcome is certain, and nothing is being taken back any more: that can begin after it, by
 * a person's word. */
export const isSettled = (view: RunView): boolean =>
  view.outcome !== null && (hasEnded(view) || view.stalled !== null || !view.back.some(isUndoing));

const isUndoing = ({ kind, state }: StepView): boolean =>
  kind === "task" && (state === "waiting" || state === "active");

export const hasEnded = (view: RunView): boolean => view.phase === "ended";

/** Follows until the outcome is certain. What came out badly fails. */
export const waitFor = async (context: Context, client: Client, run: string): Promise<number> => {
  const view = await followRun(context, client, run, isSettled);
  if (context.json) context.io.stdout.write(`${JSON.stringify(view, null, 2)}\n`);
  return view.outcome === "succeeded" ? EXIT.ok : EXIT.failed;
};

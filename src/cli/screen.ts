// A picture redrawn in place, at most five times a second, without flicker: each frame is one write
// within a synchronized update, and leaves no trace of a longer frame before it.

import type { Output } from "./io.ts";
import { clip } from "./print/width.ts";

export interface Screen {
  /** Draws now, or a little later where the last frame is too fresh. The newest frame wins. */
  draw(frame: string): void;
  /** Draws what is pending, shows the cursor again, leaves the last frame standing. */
  end(): void;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** Terminals that know it show the whole frame at once; others ignore it. */
const BEGIN_UPDATE = "\u001b[?2026h";
const END_UPDATE = "\u001b[?2026l";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

const FRAME_MS = 200;
const USUAL_ROWS = 24;

export const openScreen = (output: Output): Screen => {
  let drawn = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let pending: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  const restore = (): void => output.write(SHOW_CURSOR);
  process.once("exit", restore);
  output.write(HIDE_CURSOR);
  const paint = (): void => {
    timer = null;
    if (pending === null) return;
    const lines = fitted(pending, output);
    pending = null;
    lastAt = performance.now();
    output.write(frameText(lines, drawn));
    drawn = lines.length;
  };
  return {
    draw: (frame) => {
      pending = frame;
      const wait = FRAME_MS - (performance.now() - lastAt);
      if (wait <= 0 && timer === null) paint();
      else timer ??= setTimeout(paint, wait);
    },
    end: () => {
      if (timer !== null) clearTimeout(timer);
      paint();
      process.removeListener("exit", restore);
      output.write(SHOW_CURSOR);
    },
  };
};

/** From the first line of the frame before, down over it, and nothing of it left below. */
export const frameText = (lines: readonly string[], drawnBefore: number): string => {
  const up = drawnBefore === 0 ? "" : `\u001b[${drawnBefore}A\r`;
  const body = lines.map((line) => `${line}${CLEAR_LINE}\n`).join("");
  return `${BEGIN_UPDATE}${up}${body}${CLEAR_BELOW}${END_UPDATE}`;
};

/** A frame higher than the terminal would scroll and could not be drawn over: its end is shown, for
 * that is where things happen. So would lines too long for a terminal that was made narrower. */
const fitted = (frame: string, output: Output): readonly string[] => {
  const size = output.size();
  const rows = (size?.rows ?? USUAL_ROWS) - 1;
  const columns = size?.columns ?? Number.POSITIVE_INFINITY;
  const lines = frame.split("\n").map((line) => clip(line, columns));
  return lines.length <= rows ? lines : lines.slice(-rows);
};

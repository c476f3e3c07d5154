// The live picture: the run as a tree, the traffic, what happened so far. Redrawn in place on a
// terminal; elsewhere only the lines worth keeping are written.

import { styleText } from "node:util";

import { renderRun } from "../src/cli/print/run-tree.ts";
import type { Scene, Stage } from "./story.ts";

export interface Screen extends Stage {
  /** Leaves the last picture standing. */
  close(): void;
}

const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";
const BEGIN = "\u001B[?2026h";
const END = "\u001B[?2026l";
const MAX_COLUMNS = 100;

export const openScreen = (out: NodeJS.WriteStream): Screen =>
  out.isTTY ? liveScreen(out) : plainScreen(out);

const plainScreen = (out: NodeJS.WriteStream): Screen => {
  const started = Date.now();
  return {
    show: () => {},
    tell: (text) => void out.write(`${clock(started)}  ${text}\n`),
    close: () => {},
  };
};

const liveScreen = (out: NodeJS.WriteStream): Screen => {
  const started = Date.now();
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? "" : `\u001B[${drawn}F\u001B[J`);
  const restore = (): void => void out.write(SHOW_CURSOR);
  process.once("exit", restore);
  out.write(HIDE_CURSOR);
  return {
    show: (scene) => {
      const lines = picture(scene, started, Math.min(out.columns, MAX_COLUMNS)).slice(
        0,
        out.rows - 1,
      );
      out.write(`${BEGIN}${erase()}${lines.join("\n")}\n${END}`);
      drawn = lines.length;
    },
    tell: (text) => {
      out.write(`${BEGIN}${erase()}${styleText("green", "✔")} ${clock(started)}  ${text}\n${END}`);
      drawn = 0;
    },
    close: () => {
      process.off("exit", restore);
      restore();
    },
  };
};

const picture = ({ headline, run, traffic }: Scene, started: number, columns: number): string[] => {
  const lines = ["", `${styleText("bold", headline)}  ${styleText("dim", clock(started))}`, ""];
  if (run !== null)
    lines.push(...renderRun(run, { columns, colour: true, now: Date.now() }).split("\n"));
  if (traffic !== null) lines.push("", trafficLine(traffic.stats()));
  return lines;
};

type Stats = ReturnType<NonNullable<Scene["traffic"]>["stats"]>;

const trafficLine = ({
  requests,
  failedByControlPlane,
  badResponses,
  lastSecond,
}: Stats): string => {
  const p99 = lastSecond?.p99Ms ?? null;
  const lost = styleText(
    failedByControlPlane === 0 ? "green" : "red",
    String(failedByControlPlane),
  );
  const bad = styleText(badResponses === 0 ? "green" : "yellow", String(badResponses));
  const slowest = p99 === null ? "–" : `${p99.toFixed(0)} ms`;
  const rate = `${lastSecond?.requests ?? 0} req/s, p99 ${slowest}`;
  return `traffic  ${rate}   ${requests} so far, ${bad} bad, ${lost} lost`;
};

const clock = (started: number): string =>
  `${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s`;

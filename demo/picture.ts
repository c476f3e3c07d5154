// Draws one frame of the live demo as an SVG for the README, from what a terminal received:
//   script -qefc "npm run demo" demo.tty && node demo/picture.ts "watch at 25 %" < demo.tty
// Takes the last frame that contains the given words and writes docs/demo.svg.

import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

const FRAME_BEGIN = "\u001B[?2026h";
const FRAME_END = "\u001B[?2026l";
const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 18;
const MARGIN = 20;
const COLUMNS = 104;
const FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Colours of the 16 that Sluice uses, on a dark ground. */
const COLOURS: Readonly<Record<string, string>> = {
  "31": "#f47067",
  "32": "#6bc46d",
  "33": "#daaa3f",
  "34": "#6cb6ff",
  "35": "#dcbdfb",
  "36": "#56d4dd",
  "90": "#768390",
};

interface Pen {
  readonly colour: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

const PLAIN: Pen = { colour: null, bold: false, dim: false };

const draw = (pen: Pen, codes: string): Pen =>
  (codes === "" ? ["0"] : codes.split(";")).reduce((current, code): Pen => {
    if (code === "0") return PLAIN;
    if (code === "1") return { ...current, bold: true };
    if (code === "2") return { ...current, dim: true };
    if (code === "22") return { ...current, bold: false, dim: false };
    if (code === "39") return { ...current, colour: null };
    return { ...current, colour: COLOURS[code] ?? current.colour };
  }, pen);

/** Nothing in the picture is wider than one cell. */
const cells = (raw: string): number => Array.from(raw).length;

const escape = (raw: string): string =>
  raw.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const span = (pen: Pen, column: number, raw: string): string => {
  const style = [
    pen.colour === null ? "" : ` fill="${pen.colour}"`,
    pen.bold ? ` font-weight="bold"` : "",
    pen.dim ? ` fill-opacity="0.6"` : "",
  ].join("");
  const x = MARGIN + column * CELL_WIDTH;
  const width = cells(raw) * CELL_WIDTH;
  return `<tspan x="${x}" textLength="${width}"${style}>${escape(raw)}</tspan>`;
};

const lineSvg = (line: string, row: number): string => {
  let pen = PLAIN;
  let column = 0;
  const spans: string[] = [];
  for (const part of line.split(/(\u001B\[[\d;]*m)/)) {
    const codes = /^\u001B\[([\d;]*)m$/.exec(part);
    if (codes !== null) {
      pen = draw(pen, codes[1] ?? "");
    } else {
      if (part.trim() !== "") spans.push(span(pen, column, part));
      column += cells(part);
    }
  }
  const y = MARGIN + (row + 1) * LINE_HEIGHT;
  return `<text y="${y}" xml:space="preserve">${spans.join("")}</text>`;
};

const svg = (frame: string): string => {
  const lines = frame.split("\n");
  const width = COLUMNS * CELL_WIDTH + 2 * MARGIN;
  const height = (lines.length + 1) * LINE_HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`,
    `  viewBox="0 0 ${width} ${height}" role="img"`,
    `  aria-label="Sluice shifting live traffic, in a terminal">`,
    `<rect width="100%" height="100%" rx="10" fill="#22272e"/>`,
    `<g font-family="${FONTS}" font-size="14" fill="#cdd9e5">`,
    ...lines.map(lineSvg),
    "</g></svg>\n",
  ].join("\n");
};

/** Without what moves the cursor: only text and colours are drawn. */
const framesOf = (typescript: string): readonly string[] =>
  typescript
    .split(FRAME_BEGIN)
    .slice(1)
    .map((rest) => rest.split(FRAME_END)[0] ?? "")
    .map((frame) => frame.replaceAll("\r", "").replaceAll(/\u001B\[\d*[FJ]/g, "").trimEnd());

const words = process.argv[2] ?? "watch at";
const frame = framesOf(await text(process.stdin)).findLast((one) => one.includes(words));
if (frame === undefined) throw new Error(`no frame contains "${words}"`);
await writeFile(new URL("../docs/demo.svg", import.meta.url), svg(frame));

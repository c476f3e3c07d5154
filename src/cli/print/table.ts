// A table of plain columns: as wide as its widest cell, cut where the line would be too long. Cells
// are cut before they are painted, so colour never upsets the columns.

import { clean, cut, padEnd, padStart, widthOf } from "./width.ts";
import type { Paint } from "./paint.ts";

export interface Cell {
  readonly text: string;
  readonly ink?: ((text: string) => string) | undefined;
}

export interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** The column that gives way when the line is too long; one at most. */
  readonly gives?: boolean;
}

const GAP = "  ";
/** A column that gives way keeps at least this. */
const LEAST_CELLS = 8;

export const table = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint,
): string => {
  const harmless = rows.map((row) => row.map((cell) => ({ ...cell, text: clean(cell.text) })));
  const widths = columnWidths(columns, harmless, width);
  const line = (cells: readonly Cell[]): string =>
    columns
      .map((column, i) => cellText(cells[i] ?? { text: "" }, column, widths[i] ?? 0))
      .join(GAP)
      .trimEnd();
  const head = line(columns.map(({ title }) => ({ text: title, ink: paint.dim })));
  return [head, ...harmless.map(line)].join("\n");
};

const columnWidths = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
): readonly number[] => {
  const natural = columns.map(({ title }, i) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[i]?.text ?? ""))),
  );
  const total = natural.reduce((sum, cells) => sum + cells, 0) + GAP.length * (columns.length - 1);
  if (total <= width) return natural;
  return natural.map((cells, i) =>
    columns[i]?.gives === true ? Math.max(LEAST_CELLS, cells - (total - width)) : cells,
  );
};

const cellText = (cell: Cell, column: Column, cells: number): string => {
  const text = cut(cell.text, cells);
  const padded = column.right === true ? padStart(text, cells) : padEnd(text, cells);
  return cell.ink === undefined ? padded : padded.replace(text, () => cell.ink?.(text) ?? text);
};

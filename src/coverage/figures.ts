// Every figure of the five playbooks and how it is written, from examples/figures.yaml.

import { parse } from "yaml";

import { idsIn } from "./items.ts";

/** One sentence of a playbook. What it says is written in a definition, done by a command, or
 * missing; together with one of the others: in part. */
export interface Figure {
  /** As written, ranges among them: `S2.80`, `S0.187..S0.189`. */
  readonly ids: readonly string[];
  readonly says: string;
  /** The kind of a definition and the place in it. */
  readonly in?: string;
  readonly write?: string;
  /** What the product makes of it, by paths from there. */
  readonly reads?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly note?: string;
  readonly later?: string;
}

export interface FigureTable {
  readonly title: string;
  readonly about?: string;
  readonly rows: readonly Figure[];
}

export const parseFigures = (yaml: string): readonly FigureTable[] =>
  parse(yaml) as readonly FigureTable[];

/** Said in a definition, or done by a command. */
export const isThere = ({ write, run }: Figure): boolean =>
  write !== undefined || run !== undefined;

/** Every id of every row, ranges written out. */
export const idsOfFigures = (rows: readonly Figure[]): ReadonlySet<string> =>
  new Set(rows.flatMap(({ ids }) => ids.flatMap(idsIn)));

// How queries are asked: as prepared statements, typed by their rows, with the store's own error
// codes told from everything that is not expected.

import type pg from "pg";

/** A query with its name, under which every connection prepares it once. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Only a type: what a row looks like. Kept true by the contract test. */
  readonly row?: Row;
}

export const rows = async <Row>(
  pool: pg.Pool,
  statement: Statement<Row>,
  values: readonly unknown[],
): Promise<readonly Row[]> => {
  const { name, text } = statement;
  const result = await pool.query<Row & pg.QueryResultRow>({ name, text, values: [...values] });
  return result.rows;
};

export const firstRow = async <Row>(
  pool: pg.Pool,
  statement: Statement<Row>,
  values: readonly unknown[],
): Promise<Row | null> => (await rows(pool, statement, values))[0] ?? null;

/** Raised by our functions in the database; the whole transaction is undone. */
export type Moved =
  /** Run, lane or the lane's chain are not as expected. */
  | "SL409"
  /** The control chain has a new head. */
  | "SL410";

/** Null: it is something else and nothing to go on from. */
export const movedBy = (error: unknown): Moved | null => {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === "SL409" || code === "SL410" ? code : null;
};

// A job that failed, once more at a later time; one that was added meanwhile stays as it is.

import type pg from "pg";

import type { Instant } from "../core/ids.ts";
import { rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { toJson } from "./json.ts";

const TRY_AGAIN: Statement<unknown> = {
  name: "sluice_try_again",
  text: `select sluice.try_again($1, $2, $3, $4)`,
};

export const tryAgainLater = async (
  pool: pg.Pool,
  task: string,
  payload: object,
  key: string,
  at: Instant,
): Promise<void> => {
  await rows(pool, TRY_AGAIN, [task, toJson(payload), key, at]);
};

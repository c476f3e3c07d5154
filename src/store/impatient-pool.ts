// The pool as the queue's library gets it. Where the server says that it is just starting, or the
// network that it is not there, the library waits for seconds and, again and again, for minutes;
// without the error's code it asks again at its next poll.

import type pg from "pg";

export const impatientPool = (pool: pg.Pool): pg.Pool => {
  const connect = (callback?: Callback): Promise<pg.PoolClient> | void => {
    if (callback === undefined) {
      return pool.connect().catch((error: unknown) => {
        throw withoutCode(error);
      });
    }
    pool.connect((error, client, done) => {
      callback(error === undefined ? undefined : withoutCode(error), client, done);
    });
  };
  return Object.assign(Object.create(pool) as pg.Pool, { connect });
};

type Callback = Parameters<pg.Pool["connect"]>[0];

const withoutCode = (error: unknown): Error =>
  new Error(error instanceof Error ? error.message : String(error));

// What the queue's library has to say, in our own log: trouble as it is, the rest only when asked.

import { Logger } from "graphile-worker";

/** The few words of a logger that the queue uses; pino has them. */
export interface QueueLog {
  debug(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Advice about sizes that are chosen as they are: connections are shared, and what takes long is
 * taken one by one. */
const ADVICE = /maxPoolSize \(\d+\) smaller|job batch size \(\d+\) is smaller/;

/** Null: silence. */
export const quietLogger = (log: QueueLog | null): Logger =>
  new Logger(() => (level, message) => {
    if (log === null) return;
    // A failed job or connection is news, but nothing is lost by it: all of it is tried again.
    const news = level === "error" || level === "warning";
    if (news && !ADVICE.test(message)) log.warn({ part: "queue" }, message);
    else log.debug({ part: "queue" }, message);
  });

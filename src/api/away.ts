// Tells a database that is away for a while from a request that failed: the first is worth asking
// again, the second is not.

/** Of the system: no connection. Of PostgreSQL: shutting down, starting up, too many clients. */
const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  "53300",
]);

const AWAY_MESSAGES = [
  "connection terminated",
  "connection timeout",
  "timeout exceeded when trying to connect",
  "client has encountered a connection error",
  "query read timeout",
];

/** How deep causes are followed. */
const DEPTH = 5;

/** True where the error, its cause or one of its parts is a lost or refused database connection. */
export const isDatabaseAway = (error: unknown, depth = 0): boolean => {
  if (!(error instanceof Error) || depth > DEPTH) return false;
  const { code, syscall } = error as Error & {
    readonly code?: unknown;
    readonly syscall?: unknown;
  };
  if (typeof code === "string") {
    // A missing socket file is a database that is away; any other missing file is not.
    if (code === "ENOENT") return syscall === "connect";
    if (AWAY_CODES.has(code) || code.startsWith("08")) return true;
  }
  const message = error.message.toLowerCase();
  if (AWAY_MESSAGES.some((part) => message.includes(part))) return true;
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error.cause, ...parts].some((part) => isDatabaseAway(part, depth + 1));
};

// Our own connection to a database that is backed up or restored into: as long as it takes, but not
// longer than the signal says.

import pg from "pg";
import { Refusal } from "../../core/refusal.ts";
import type { Address } from "./address.ts";
import { OWN_NAME } from "./sessions.ts";

const CONNECT_MS = 10_000;

/** Throws a Refusal `database-unreachable`. */
export const connected = async <T>(
  address: Address,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  signal.throwIfAborted();
  const client = new pg.Client({
    connectionString: address.whole,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: 0,
    keepAlive: true,
    application_name: OWN_NAME,
  });
  // Queries under way are told as well; without a listener it would end the process.
  client.on("error", () => undefined);
  // The server notices at once, and ends what is under way.
  const cut = (): void => {
    (
      client as unknown as { connection: { stream: { destroy(): void } } }
    ).connection.stream.destroy();
  };
  signal.addEventListener("abort", cut, { once: true });
  try {
    await client.connect().catch((error: unknown) => {
      throw unreachable(address, error);
    });
    // It may be one where nobody else writes meanwhile.
    await client.query("set default_transaction_read_only = off");
    return await work(client);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cut);
    await client.end().catch(() => undefined);
  }
};

const unreachable = (address: Address, error: unknown): Refusal => {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  return new Refusal({
    code: "database-unreachable",
    message: `the database does not answer: ${message === "" ? code : message}`,
    where: address.text,
    hint: "look at its address, its server, and whether this machine may connect",
  });
};

export interface ServerVersion {
  /** 15 */
  readonly major: number;
  /** `15.18 (Debian 15.18-0)`, as the server says it. */
  readonly text: string;
}

export const serverVersion = async (client: pg.Client): Promise<ServerVersion> => {
  const { rows } = await client.query<{ number: string; text: string }>(
    "select current_setting('server_version_num') as number, " +
      "current_setting('server_version') as text",
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the server says no version");
  return { major: Math.floor(Number(row.number) / 10_000), text: row.text };
};

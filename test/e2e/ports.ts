// Ports for the routers of tests. Below the range that systems take for outgoing connections, so
// that none of those sits on one while its router is away.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const FIRST = 10_000;
const LAST = 19_999;
const MAX_TRIES = 200;
/** To which fetch never connects, by its standard: those of its list that are in the range. */
const BLOCKED: readonly number[] = [10_080];

/** Free at this moment, different from each other, and such that fetch connects to them. */
export const freePorts = async (
  count: number,
  pick: () => number = () => randomInt(FIRST, LAST + 1),
): Promise<readonly number[]> => {
  const found = new Set<number>();
  for (let tries = 0; tries < MAX_TRIES && found.size < count; tries += 1) {
    const port = pick();
    if (!BLOCKED.includes(port) && (await canListen(port))) found.add(port);
  }
  if (found.size < count) throw new Error(`fewer than ${count} free ports`);
  return [...found];
};

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });

// A port for an instance. Chosen below the range that Linux takes for outgoing connections, so that
// none of those sits on it while the instance is being restarted.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";

export const INSTANCE_HOST = "127.0.0.1";
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;
const MAX_TRIES = 200;

/** Free at this moment and not among `taken`. Throws when it finds none. */
export const freePort = async (taken: ReadonlySet<number>): Promise<number> => {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (!taken.has(port) && (await canListen(port))) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
};

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: INSTANCE_HOST, port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });

// Where things lie on disk: one data directory holds all that an embedded Sluice knows. Everything
// in it is for its owner's eyes only (folders 0700, files 0600).

import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Layout {
  readonly dataDir: string;
  /** PostgreSQL's cluster. */
  readonly postgres: string;
  /** Stored artifacts by digest. */
  readonly artifacts: string;
  /** The keeper's orders, instances and their logs. */
  readonly keeper: string;
  /** The router's last configuration. */
  readonly router: string;
  /** Unix sockets. Apart from the data directory where its path is too long for one. */
  readonly sockets: string;
  /** The encrypted store of secrets, its key, and files that are secrets. */
  readonly secrets: string;
  /** Where the API listens and its token: {"url":"http://127.0.0.1:4680","token":"…"}, 0600. */
  readonly api: string;
}

/** Linux allows 107 bytes for a socket's path, macOS 103; the longest name below takes 20. */
const LONGEST_SOCKET_FOLDER = 80;

/** `dataDir` may be relative to the working folder. */
export const layoutOf = (dataDir: string): Layout => {
  const root = resolve(dataDir);
  return {
    dataDir: root,
    postgres: join(root, "postgres"),
    artifacts: join(root, "artifacts"),
    keeper: join(root, "keeper"),
    router: join(root, "router"),
    sockets: socketFolder(root),
    secrets: join(root, "secrets"),
    api: join(root, "api.json"),
  };
};

const socketFolder = (root: string): string => {
  const own = join(root, "sockets");
  if (Buffer.byteLength(own) <= LONGEST_SOCKET_FOLDER) return own;
  const id = createHash("sha256").update(root).digest("hex").slice(0, 16);
  return join(process.env["XDG_RUNTIME_DIR"] ?? tmpdir(), `sluice-${id}`);
};

// As whom PostgreSQL runs: as ourselves, or, since it refuses to run as root, as an account of its
// own that nothing else on the machine uses. That account may not enter the folders that lead to
// the data directory and need not: it gets them as open file descriptors.

import { closeSync, openSync, readFileSync } from "node:fs";

import { Refusal } from "../../core/refusal.ts";

export interface Account {
  /** True: we are root and PostgreSQL is not. */
  readonly switched: boolean;
  /** For spawn; empty where PostgreSQL runs as ourselves. */
  readonly credentials: Partial<Credentials>;
  /** Whose the cluster's files are. */
  readonly uid: number;
}

interface Credentials {
  readonly uid: number;
  readonly gid: number;
}

/** In the range that systemd leaves to nobody (60578 to 61183); it needs no entry in any table. */
const OWN_UID = 61_001;

export const ourselves = (): number => process.getuid?.() ?? 0;

/** The account of a cluster that is there (`owner`), or of a new one (null). */
export const serverAccount = (owner: number | null): Account => {
  const uid = ourselves();
  if (uid !== 0) return { switched: false, credentials: {}, uid };
  return switchedTo(owner === null || owner === 0 ? OWN_UID : owner);
};

/** initdb alone asks for the name behind its uid, so for it the account must have one. */
export const creatorAccount = (): Account => {
  const uid = ourselves();
  return uid === 0 ? switchedTo(namedUid()) : { switched: false, credentials: {}, uid };
};

const switchedTo = (uid: number): Account => ({
  switched: true,
  credentials: { uid, gid: uid },
  uid,
});

const namedUid = (): number => {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const accounts = lines.map((line) => line.split(":")).filter((cells) => Number(cells[2]) > 0);
  const chosen = accounts.find((cells) => cells[0] === "nobody") ?? accounts.at(0);
  if (chosen !== undefined) return Number(chosen[2]);
  throw new Refusal({
    code: "postgres-needs-an-account",
    message: "PostgreSQL refuses to run as root, and /etc/passwd has no other account",
    where: "/etc/passwd",
    hint: "add the account nobody, or use a PostgreSQL of your own with --database-url",
  });
};

export interface Handed {
  /** The folder's name within the child: its own path, or that of the descriptor. */
  readonly paths: readonly string[];
  /** To append to the child's stdio behind its first three. */
  readonly descriptors: readonly number[];
  close(): void;
}

const FIRST_DESCRIPTOR = 3;

/** Makes folders reachable for the account. The descriptors may be closed after the spawn. */
export const handOver = (account: Account, folders: readonly string[]): Handed => {
  if (!account.switched) return { paths: folders, descriptors: [], close: () => {} };
  const descriptors = folders.map((folder) => openSync(folder, "r"));
  return {
    paths: folders.map((_, at) => `/proc/self/fd/${FIRST_DESCRIPTOR + at}`),
    descriptors,
    close: () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
};

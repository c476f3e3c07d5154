// The embedded default: a private PostgreSQL under the data directory, reached over a Unix socket,
// owned by one control plane at a time. It ends with its owner, killed or not, and comes back when
// it ends by itself; what an earlier one left behind is put in order before starting.

import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Refusal } from "../../core/refusal.ts";
import type { Layout } from "../../layout/layout.ts";
import { ourselves } from "./account.ts";
import { isAlive, openCluster } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import { clearLeftovers, runningServer, takesConnections } from "./leftover.ts";
import { claim, configOf } from "./ownership.ts";
import type { Ownership, PostgresConfig } from "./ownership.ts";
import { logOf, spawnServer, stopServer } from "./server.ts";
import type { Server } from "./server.ts";

export interface EmbeddedPostgres {
  /** For pg.Pool and pg.Client. */
  readonly config: PostgresConfig;
  /** Of the server that runs now; changes when it had to be started again. */
  pid(): number;
  /** Ends it: open transactions are rolled back, everything is written out. */
  stop(): Promise<void>;
}

const DATABASE = "sluice";
/** Recovery after a crash reads what was written since the last checkpoint. */
const START_MS = 60_000;
const POLL_MS = 10;
/** After this, an owner that is not a process we can see is one on another machine or container. */
const FAREWELL_MS = 3_000;
/** Between the end of a server that nobody stopped and the next attempt to start it. */
const RESTART_MS = 200;

/**
 * Ready for connections when it resolves. Throws a Refusal: `data-dir-in-use` where another control
 * plane owns the directory, others where PostgreSQL is missing, does not start or is not ours.
 */
export const startPostgres = async (
  layout: Layout,
  options: { readonly signal: AbortSignal },
): Promise<EmbeddedPostgres> => {
  const cluster = await openCluster(layout.postgres, options.signal);
  const sockets = socketFolder(layout, cluster);
  let held = await takeOver(cluster, sockets, options.signal, null);
  const stopping = new AbortController();
  const maintained = (async () => {
    while (!stopping.signal.aborted) {
      await held.ownership.lost;
      if (stopping.signal.aborted) return;
      held = await heldAgain(cluster, sockets, stopping.signal, held);
    }
  })();
  return {
    config: configOf(sockets, DATABASE),
    pid: () => held.server.pid,
    stop: async () => {
      stopping.abort();
      await held.ownership.release();
      await stopServer(held.server.pid);
      await maintained;
    },
  };
};

interface Held {
  readonly server: Server;
  readonly ownership: Ownership;
}

/** Under the sockets' own folder, since it belongs to the server's account and is closed to all
 * others; who gets in may connect without a password. */
const socketFolder = (layout: Layout, cluster: Cluster): string => {
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });
  const owner = lstatSync(layout.sockets);
  if (!owner.isDirectory() || owner.uid !== ourselves()) {
    throw new Refusal({
      code: "sockets-not-ours",
      message: `the folder for sockets belongs to somebody else (account ${owner.uid})`,
      where: layout.sockets,
      hint: "remove it, or choose another --data-dir",
    });
  }
  chmodSync(layout.sockets, 0o700);
  const folder = join(layout.sockets, "pg");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (cluster.account.switched) chownSync(folder, cluster.account.uid, cluster.account.uid);
  return folder;
};

const takeOver = async (
  cluster: Cluster,
  sockets: string,
  signal: AbortSignal,
  known: Server | null,
): Promise<Held> => {
  const began = performance.now();
  let server = known;
  try {
    while (performance.now() - began < START_MS) {
      signal.throwIfAborted();
      if (server !== null && server.end() !== null) server = afterEnd(cluster, server);
      const running = runningServer(cluster.folder);
      if (running === null && server === null) {
        clearLeftovers(cluster.folder, sockets);
        server = await spawnServer(cluster, sockets);
      } else if (running !== null && takesConnections(cluster.folder)) {
        const claimed = await claim(sockets);
        const settled = performance.now() - began > FAREWELL_MS;
        if (claimed.kind === "taken" && (settled || livesHere(claimed.pid))) {
          throw inUse(cluster, claimed.pid);
        }
        if (claimed.kind === "owned") {
          const { ownership } = claimed;
          if (running !== server?.pid) await endOrphan(running, ownership);
          else if (await prepare(ownership)) return { server, ownership };
        }
      }
      await sleep(POLL_MS);
    }
    throw notStarted(cluster, "it takes no connections");
  } catch (error) {
    if (server !== null) await stopServer(server.pid);
    throw error;
  }
};

/** The session of an owner that was just killed may be there for a moment longer than itself. */
const livesHere = (pid: number | null): boolean => pid !== null && isAlive(pid);

/** A server that ended at once was taken for an orphan by another process that starts right now,
 * lost the race against that one's server, or cannot start at all. */
const afterEnd = (cluster: Cluster, server: Server): null => {
  const other = runningServer(cluster.folder);
  if (server.end() === "stopped" || (other !== null && other !== server.pid)) return null;
  throw notStarted(cluster, lastLineOf(logOf(cluster)));
};

/** It runs and nobody owns it: its owner was killed together with what should have ended it. We
 * own it until it is gone, so that nobody takes it over just before. */
const endOrphan = async (pid: number, ownership: Ownership): Promise<void> => {
  await stopServer(pid);
  await ownership.release();
};

/** The server ended, or our session in it did. Keeps trying: with the database away, so is all that
 * this process could do instead. */
const heldAgain = async (
  cluster: Cluster,
  sockets: string,
  signal: AbortSignal,
  before: Held,
): Promise<Held> => {
  while (!signal.aborted) {
    try {
      const running = before.server.end() === null ? before.server : null;
      return await takeOver(cluster, sockets, signal, running);
    } catch {
      await sleep(RESTART_MS);
    }
  }
  return before;
};

const inUse = (cluster: Cluster, pid: number | null): Refusal =>
  new Refusal({
    code: "data-dir-in-use",
    message:
      pid === null
        ? "another control plane is just starting or stopping on this data directory"
        : `the control plane with process id ${pid} already runs on this data directory`,
    where: cluster.folder,
    hint: "stop it with sluice down, or choose another --data-dir",
  });

const notStarted = (cluster: Cluster, why: string): Refusal =>
  new Refusal({
    code: "postgres-does-not-start",
    message: `the embedded PostgreSQL does not start: ${why}`,
    where: logOf(cluster),
    hint: "read that log; the data itself is untouched",
  });

const lastLineOf = (file: string): string => {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? "";
};

/** Sees that our database is there. False: the server is going down, as another process that just
 * starts has ordered. */
const prepare = async (ownership: Ownership): Promise<boolean> => {
  try {
    const found = await ownership.query(`select from pg_database where datname = '${DATABASE}'`);
    if (found.length === 0) await ownership.query(`create database ${DATABASE}`);
    return true;
  } catch {
    await ownership.release();
    return false;
  }
};

// The cluster on disk: made once with initdb under another name and renamed when it is complete and
// synced, so that a crash in between leaves nothing half-made.

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { Refusal } from "../../core/refusal.ts";
import { creatorAccount, handOver, ourselves, serverAccount } from "./account.ts";
import type { Account } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import type { Binaries } from "./binaries.ts";
import { USER } from "./settings.ts";

export interface Cluster {
  readonly folder: string;
  readonly account: Account;
  readonly binaries: Binaries;
}

const INITDB_MS = 60_000;

/** Opens the cluster in the folder, or makes it. Refuses one that is not ours to open. */
export const openCluster = async (folder: string, signal: AbortSignal): Promise<Cluster> => {
  if (!existsSync(join(folder, "PG_VERSION"))) await createCluster(folder, signal);
  const owner = statSync(folder).uid;
  if (ourselves() !== 0 && owner !== ourselves()) {
    throw new Refusal({
      code: "data-dir-not-ours",
      message: `the database belongs to account ${owner}, and this process runs as ${ourselves()}`,
      where: folder,
      hint: "run as the account that made it, or choose another --data-dir",
    });
  }
  const account = serverAccount(owner);
  const binaries = findBinaries(account);
  refuseOtherMajor(folder, binaries);
  return { folder, account, binaries };
};

const refuseOtherMajor = (folder: string, binaries: Binaries): void => {
  const found = Number(readFileSync(join(folder, "PG_VERSION"), "utf8"));
  if (found === binaries.major) return;
  throw new Refusal({
    code: "postgres-version",
    message:
      `the database was written by PostgreSQL ${found}, and this Sluice brings ${binaries.major}`,
    where: folder,
    hint: `start it with the Sluice that made it and move it with pg_dump and pg_restore`,
  });
};

const createCluster = async (folder: string, signal: AbortSignal): Promise<void> => {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeUnfinished(folder);
  // Two at once, in one process even, each make their own.
  const unfinished = mkdtempSync(`${folder}.new-${process.pid}-`);
  try {
    await initdb(unfinished, signal);
    giveAway(unfinished, serverAccount(null));
    renameSync(unfinished, folder);
    syncFolder(parent);
  } catch (error) {
    // Two at once: the other one's cluster is as good as ours.
    if (!existsSync(join(folder, "PG_VERSION"))) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
};

const initdb = async (folder: string, signal: AbortSignal): Promise<void> => {
  const account = creatorAccount();
  if (account.switched) chownSync(folder, account.uid, account.uid);
  const { initdb: program } = findBinaries(account);
  const handed = handOver(account, [folder]);
  const child = spawn(program, initdbArguments(handed.paths[0] ?? folder), {
    ...account.credentials,
    cwd: "/",
    env: { LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe", ...handed.descriptors],
    signal: AbortSignal.any([signal, AbortSignal.timeout(INITDB_MS)]),
  });
  handed.close();
  const complaint: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => complaint.push(text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return;
  throw new Refusal({
    code: "postgres-not-created",
    message: `initdb failed: ${complaint.join("").trim() || `exit code ${code}`}`,
    where: folder,
    hint: "see that the disk has room and takes files with owners and modes",
  });
};

/** The locale comes with PostgreSQL and not with the machine, so order stays what it is when the
 * machine is updated. One syncfs after all is written is faster than one fsync a file. */
const initdbArguments = (folder: string): readonly string[] => [
  `--pgdata=${folder}`,
  `--username=${USER}`,
  // Who gets to the socket is decided by its folder and its mode.
  "--auth=trust",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--no-instructions",
  process.platform === "linux" ? "--sync-method=syncfs" : "--sync-method=fsync",
];

/** To the server's account; where the machine does not know such a uid (a rootless container), it
 * stays with the one that made it. */
const giveAway = (folder: string, account: Account): void => {
  if (!account.switched) return;
  try {
    lchownSync(folder, account.uid, account.uid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EINVAL") return;
    throw error;
  }
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    lchownSync(join(folder, entry), account.uid, account.uid);
  }
  chmodSync(folder, 0o700);
};

/** What killed attempts left behind. */
const removeUnfinished = (folder: string): void => {
  const parent = dirname(folder);
  const prefix = `${folder.slice(parent.length + 1)}.new-`;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (!isAlive(pid)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
};

/** True also for a process that we may not signal. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
};

// Who listens on a port that cannot be had. Linux tells which socket it is, and which process has
// it open where we may see that; of the process its name and number alone are told. Where it cannot
// be known nothing is said, rather than guessed.

import { readFile, readdir, readlink } from "node:fs/promises";

export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** Looked at before it is given up. */
const MAX_PROCESSES = 4_096;
const LISTENS = "0A";

export const portHolder = async (port: number): Promise<Holder | null> => {
  const sockets = (
    await Promise.all(["tcp", "tcp6"].map((table) => listening(table, port)))
  ).flat();
  if (sockets.length === 0) return null;
  const wanted = new Set(sockets.map((inode) => `socket:[${inode}]`));
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/u.test(name)).slice(0, MAX_PROCESSES);
  for (const pid of pids) {
    if (!(await hasOpen(pid, wanted))) continue;
    const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
    return { pid: Number(pid), name: name.trim().replace(/[^\x20-\x7e]/gu, "?") };
  }
  return null;
};

/** The inodes of the sockets that listen on it: `0: 0100007F:1F90 00000000:0000 0A … inode`. */
const listening = async (table: string, port: number): Promise<readonly string[]> => {
  const text = await readFile(`/proc/net/${table}`, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/u);
    const of = Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16);
    return state === LISTENS && of === port && inode !== undefined ? [inode] : [];
  });
};

const hasOpen = async (pid: string, wanted: ReadonlySet<string>): Promise<boolean> => {
  const folder = `/proc/${pid}/fd`;
  const open = await readdir(folder).catch(() => []);
  const links = await Promise.all(open.map((fd) => readlink(`${folder}/${fd}`).catch(() => "")));
  return links.some((link) => wanted.has(link));
};

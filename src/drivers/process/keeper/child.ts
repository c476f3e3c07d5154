// One process that the keeper started or found again, and the end of it together with everything
// that came of it. Its group outlives the keeper.

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { pause, until } from "./pause.ts";
import { signalGroup, signalTo } from "./process-table.ts";
import type { Identity, Processes } from "./process-table.ts";

export interface Exit {
  readonly at: number;
  /** Both null: it ended unobserved. */
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Child {
  /** Also its group's id. */
  readonly pid: number;
  readonly identity: Identity;
  readonly startedAt: number;
  readonly exited: Promise<Exit>;
}

export interface Start {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly folder: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Appended to by the process itself, so that it goes on when the keeper is gone. */
  readonly log: string;
}

/** How often it is looked whether a process that is not our child still lives. */
const LOOK_MS = 50;
/** How long a process may take to vanish after SIGKILL; one stuck in the kernel takes for ever. */
const VANISH_MS = 5_000;

/** Rejects with a sentence for people where it cannot be started. */
export const startChild = async (start: Start, processes: Processes): Promise<Child> => {
  const [program, ...args] = start.command;
  if (program === undefined) throw new Error("the command is empty");
  mkdirSync(dirname(start.log), { recursive: true, mode: 0o700 });
  const log = openSync(start.log, "a", 0o600);
  try {
    const child = spawn(program, args, {
      cwd: start.folder,
      env: start.env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    const exited = new Promise<Exit>((resolve) => {
      child.once("exit", (code, signal) => resolve({ at: Date.now(), code, signal }));
    });
    const { pid } = child;
    if (pid === undefined) {
      const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
        child.once("error", resolve);
      });
      throw new Error(whyNot(program, start.folder, error));
    }
    child.on("error", () => undefined);
    child.unref();
    // Null when it has ended already: then nobody will look for it either.
    const identity = (await processes.identify(pid)) ?? "ended";
    return { pid, identity, startedAt: Date.now(), exited };
  } finally {
    closeSync(log);
  }
};

const whyNot = (program: string, folder: string, error: NodeJS.ErrnoException): string => {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return `${folder} does not exist`;
  if (error.code === "ENOENT")
    return `there is no program ${program} in the artifact or on the PATH`;
  if (error.code === "EACCES") return `${program} is not executable`;
  return `${program} could not be started: ${error.message}`;
};

/** For a process that somebody else started, once its identity was found to be the recorded. */
export const adoptChild = (
  known: { readonly pid: number; readonly identity: Identity; readonly startedAt: number },
  processes: Processes,
): Child => ({
  ...known,
  exited: (async (): Promise<Exit> => {
    while ((await processes.identify(known.pid)) === known.identity) await pause(LOOK_MS);
    return { at: Date.now(), code: null, signal: null };
  })(),
});

/**
 * SIGTERM to the group; when a member still runs after killAfterMs, SIGKILL. Resolves when the
 * group is gone (or stuck in the kernel). `mark` (processes.ts) also finds what left the
 * group.
 */
export const endChild = async (
  child: Child,
  { mark, killAfterMs }: { readonly mark: string | null; readonly killAfterMs: number },
  processes: Processes,
): Promise<void> => {
  const gone = async (): Promise<boolean> => !(await processes.groupLives(child.pid));
  if (signalGroup(child.pid, "SIGTERM")) {
    await until(20, AbortSignal.timeout(Math.max(1, killAfterMs)), gone);
  }
  await killRest(child.pid, mark, processes);
  await until(20, AbortSignal.timeout(VANISH_MS), gone);
};

/** SIGKILL to what is left of a group whose leader has ended, and to all that carry the mark. */
export const killRest = async (
  pgid: number,
  mark: string | null,
  processes: Processes,
): Promise<void> => {
  signalGroup(pgid, "SIGKILL");
  if (mark !== null) await killMarked(mark, processes);
};

export const killMarked = async (mark: string, processes: Processes): Promise<void> => {
  for (const { pid } of (await processes.marked()).get(mark) ?? []) signalTo(pid, "SIGKILL");
};

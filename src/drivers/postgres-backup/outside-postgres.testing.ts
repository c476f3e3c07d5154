// A PostgreSQL server of this machine's own, with its client programs, for tests: a throw-away
// cluster that wants a password. Where the machine has none, tests say so and are skipped.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const NEEDED = ["initdb", "postgres", "pg_dump", "pg_restore"];
const VERSIONS = "/usr/lib/postgresql";
const START_MS = 30_000;
const PASSWORD = "pa:ss\\w'ord";

/** Null: no folder of this machine has both server and programs. */
const outsideFolder = (): string | null => {
  const said = process.env["SLUICE_PG_DUMP"];
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const folders = [
    ...(said === undefined ? [] : [join(said, "..")]),
    ...versions.map((version) => join(VERSIONS, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  const whole = (folder: string): boolean =>
    folder !== "" && NEEDED.every((program) => existsSync(join(folder, program)));
  return folders.find(whole) ?? null;
};

/** For `skip`: false, or why. */
export const noOutside = (): string | false =>
  outsideFolder() === null
    ? "this machine has no PostgreSQL with pg_dump: looked at SLUICE_PG_DUMP, PATH and " + VERSIONS
    : false;

export interface Outside extends AsyncDisposable {
  readonly folder: string;
  /** With the password. */
  url(database: string): string;
  query(database: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** PostgreSQL does not run as root. */
const accountOf = (): { readonly uid?: number; readonly gid?: number } =>
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export const startOutside = async (): Promise<Outside> => {
  const folder = outsideFolder();
  if (folder === null) throw new Error("there is no PostgreSQL");
  const account = accountOf();
  const root = mkdtempSync(join(tmpdir(), "sluice-outside-"));
  if (account.uid !== undefined) chownSync(root, account.uid, account.gid ?? account.uid);
  const passwords = join(root, "password");
  writeFileSync(passwords, PASSWORD, { mode: 0o644 });
  const data = join(root, "data");
  const options = { ...account, cwd: root, env: { LC_ALL: "C", PATH: folder } };
  const made = spawnSync(
    join(folder, "initdb"),
    [
      "-D",
      data,
      "-U",
      "owner",
      "-E",
      "UTF8",
      "-A",
      "scram-sha-256",
      "--no-sync",
      `--pwfile=${passwords}`,
    ],
    { ...options, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const settings = [`unix_socket_directories=${root}`, "fsync=off", "listen_addresses=127.0.0.1"];
  const server = spawn(
    join(folder, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((one) => ["-c", one])],
    { ...options, stdio: "ignore" },
  );
  const url = (database: string): string =>
    `postgresql://owner:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
  const query = async (database: string, text: string) => {
    const client = new pg.Client(url(database));
    client.on("error", () => undefined);
    await client.connect();
    try {
      const result = (await client.query(text)) as unknown;
      const last = Array.isArray(result) ? (result.at(-1) as unknown) : result;
      return (last as { rows: Readonly<Record<string, unknown>>[] }).rows;
    } finally {
      await client.end();
    }
  };
  await answering(() => query("postgres", "select 1"));
  return {
    folder,
    url,
    query,
    [Symbol.asyncDispose]: async () => {
      const gone = once(server, "exit");
      server.kill("SIGQUIT");
      await gone;
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

const answering = async (ask: () => Promise<unknown>): Promise<void> => {
  const deadline = performance.now() + START_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
};

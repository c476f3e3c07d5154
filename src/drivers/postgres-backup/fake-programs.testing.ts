// Programs that stand in for pg_dump and pg_restore where a machine has none: they note how they
// were called, and carry plain SQL instead of an archive. What they prove is how they are called.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FakeCall {
  readonly program: "pg_dump" | "pg_restore";
  readonly args: readonly string[];
  /** Names of its environment. */
  readonly environment: readonly string[];
  /** What its password file held, and its mode. */
  readonly password: string | null;
  readonly mode: string | null;
}

export interface FakePrograms extends Disposable {
  readonly folder: string;
  calls(): readonly FakeCall[];
}

interface FakeOptions {
  /** As `--version` says it. */
  readonly version?: string;
  /** What a dump holds. */
  readonly sql?: string;
  /** pg_dump ends with 1 behind the half of it. */
  readonly breaksOff?: boolean;
}

const PG = import.meta.resolve("pg");

const script = (log: string, { version = "99.1", sql = "", breaksOff = false }: FakeOptions) => `
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
const program = basename(process.argv[1]);
const args = process.argv.slice(2);
if (args[0] === "--version") {
  console.log(program + " (PostgreSQL) ${version} (Fake 1)");
  process.exit(0);
}
const file = process.env.PGPASSFILE;
appendFileSync(${JSON.stringify(log)}, JSON.stringify({
  program, args, environment: Object.keys(process.env).toSorted(),
  password: file ? readFileSync(file, "utf8") : null,
  mode: file ? (statSync(file).mode & 0o777).toString(8) : null,
}) + "\\n");
const sql = ${JSON.stringify(sql)};
if (program === "pg_dump") {
  process.stdout.write("PGDMP" + (${breaksOff} ? sql.slice(0, sql.length / 2) : sql));
  if (${breaksOff}) {
    process.stderr.write("pg_dump: error: the server went away\\n");
    process.exitCode = 1;
  }
} else {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  const text = Buffer.concat(parts).toString();
  if (!text.startsWith("PGDMP")) {
    process.stderr.write("pg_restore: error: not an archive\\n");
    process.exit(1);
  }
  if (args[0] !== "--list") {
    const { default: pg } = await import(${JSON.stringify(PG)});
    const connectionString = args.find((one) => one.startsWith("--dbname=")).slice(9);
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query(text.slice(5));
    await client.end();
  }
}
`;

export const fakePrograms = (options: FakeOptions = {}): FakePrograms => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-fake-programs-"));
  const log = join(folder, "calls");
  for (const name of ["pg_dump", "pg_restore"]) {
    const path = join(folder, name);
    writeFileSync(path, `#!${process.execPath}\n${script(log, options)}`);
    chmodSync(path, 0o755);
  }
  return {
    folder,
    calls: () =>
      existsSync(log)
        ? readFileSync(log, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as FakeCall)
        : [],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
};

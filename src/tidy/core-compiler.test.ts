// Core is compiled without Node and without a browser: this plants a file that reaches for either
// beside the real configuration and has the compiler refuse every line of it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const DEADLINE_MS = 60_000;

/** One statement a line; none may compile in core. */
const OUTSIDE: readonly string[] = [
  "process.exit(1);",
  'fetch("http://127.0.0.1");',
  "setTimeout(() => {}, 1);",
  "setInterval(() => {}, 1);",
  "setImmediate(() => {});",
  "queueMicrotask(() => {});",
  'console.log("x");',
  'Buffer.from("x");',
  "performance.now();",
  "crypto.randomUUID();",
  "document.title;",
  'import { readFile } from "node:fs";',
  'import { createHash } from "node:crypto";',
  'import pg from "pg";',
];

/** What core does need. */
const INSIDE: readonly string[] = [
  'import { hash } from "node:crypto";',
  'export const a: string = hash("sha256", "x", "hex");',
  "export const b: number = Math.max(1, 2);",
  "export const c = Temporal.Duration.from({ hours: 1 });",
];

/** Compiles with core's own configuration; the numbers of the lines that have an error. */
const refusedLines = async (lines: readonly string[]): Promise<readonly number[]> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-tidy-"));
  try {
    const config = {
      extends: join(REPOSITORY, "src/core/tsconfig.json"),
      files: ["planted.ts", join(REPOSITORY, "src/core/node-crypto.d.ts")],
      include: [],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await writeFile(join(folder, "planted.ts"), `${lines.join("\n")}\n`);
    const output = await compile(folder);
    const errors = output.matchAll(/planted\.ts\((\d+),\d+\): error/g);
    return [...new Set(Array.from(errors, (error) => Number(error[1])))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const compile = (folder: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const compiler = join(REPOSITORY, "node_modules/typescript/bin/tsc");
    const options = { timeout: DEADLINE_MS, cwd: folder };
    execFile(process.execPath, [compiler, "-p", folder], options, (error, stdout) => {
      // Errors in the text are told with exit code 1 or 2; anything else is a failure to run.
      if (error !== null && stdout === "") reject(new Error(error.message));
      else resolve(stdout);
    });
  });

test("the compiler refuses everything of the outside in core", async () => {
  const refused = await refusedLines(OUTSIDE);
  assert.deepEqual(
    OUTSIDE.filter((_, at) => !refused.includes(at + 1)),
    [],
    "these lines compile in core",
  );
});

test("the compiler lets core have hashes, mathematics and civil time", async () => {
  assert.deepEqual(await refusedLines(INSIDE), []);
});

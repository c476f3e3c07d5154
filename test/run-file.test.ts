// The runner must not be fooled: each way in which a test file can go wrong is planted and must
// come out as a failure.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";

import { runFile } from "./run-file.ts";
import type { Tally } from "./tally.ts";

const TIMEOUT_MS = 30_000;

const run = async (text: string, timeoutMs = TIMEOUT_MS): Promise<Tally> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-runner-"));
  try {
    const path = join(folder, "planted.test.mts");
    await writeFile(path, `import { test, describe, before } from "node:test";\n${text}`);
    return await runFile(path, timeoutMs, new AbortController().signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const fails = async (text: string, message: RegExp, timeoutMs?: number): Promise<void> => {
  const tally = await run(text, timeoutMs);
  const told = tally.failures.map((one) => `${one.title}\n${one.text}`).join("\n");
  assert.match(told, message);
};

describe("a test file", { concurrency: 2 }, () => {
  test("is counted by its tests, with the reasons of those it skipped", async () => {
    const tally = await run(
      `describe("a", () => { test("b", () => {}); test("c", { skip: "no d here" }, () => {}); });
       test("e", async (t) => { await t.test("f", () => {}); });`,
    );
    assert.equal(tally.passed, 3);
    assert.deepEqual(tally.failures, []);
    assert.deepEqual(
      tally.skips.map((skip) => [skip.title.split(" › ").slice(1), skip.reason]),
      [[["a", "c"], "no d here"]],
    );
  });

  test("fails with the whole path and the error of a failed test", async () => {
    await fails(
      `describe("a", () => { test("b", () => { throw new Error("because of c"); }); });`,
      /planted\.test\.mts › a › b\nError: because of c/,
    );
  });

  test("fails when a hook fails", async () => {
    await fails(
      `describe("a", () => { before(() => { throw new Error("no d"); }); test("b", () => {}); });`,
      /no d/,
    );
  });

  test("fails when it does not load", async () => {
    await fails(`import "./missing.ts";`, /ERR_MODULE_NOT_FOUND/);
  });

  test("fails when it has no tests", async () => {
    await fails("export {};", /has no tests/);
  });

  test("fails when it throws after its tests passed", async () => {
    const text = `test("a", () => { setTimeout(() => { throw new Error("late"); }, 50); });`;
    await fails(text, /late/);
  });

  test("fails when it exits early with success", async () => {
    await fails(`test("a", () => { process.exit(0); });`, /has no tests/);
  });

  test("is ended and fails when its time is over", async () => {
    await fails(
      `test("a", async () => { await new Promise((r) => setTimeout(r, 60_000)); });`,
      /did not end in its time/,
      1_000,
    );
  });

  test("fails when it leaves a process behind, which is ended", async () => {
    await fails(
      `import { spawn } from "node:child_process";
       test("a", () => {
         const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
           detached: true, stdio: "ignore" });
         child.unref();
       });`,
      /left processes running:\n\d+ .*setInterval/,
    );
  });

  test("has nothing on its standard input", async () => {
    const tally = await run(
      `import assert from "node:assert";
       test("a", async () => { for await (const chunk of process.stdin) assert.fail(chunk); });`,
    );
    assert.equal(tally.passed, 1);
  });
});

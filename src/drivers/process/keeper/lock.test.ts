// One keeper a data directory, with real processes that want to be it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { takeLock } from "./lock.ts";
import { systemProcesses } from "./processes.ts";

let folder = "";
const started: ChildProcess[] = [];
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const at = (file: string): string => JSON.stringify(join(import.meta.dirname, file));

/** Takes the lock, says what came of it, and lives on. */
const SCRIPT = `
import { takeLock } from ${at("lock.ts")};
import { systemProcesses } from ${at("processes.ts")};
const holder = await takeLock(process.argv[1], systemProcesses());
console.log(holder === null ? "mine" : "taken by " + holder.pid);
setInterval(() => {}, 1000);
`;

const contender = (): Promise<{ readonly child: ChildProcess; readonly says: string }> =>
  new Promise((resolve) => {
    const args = ["--input-type=module", "-e", SCRIPT, folder];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    child.stdout?.once("data", (said: Buffer) =>
      resolve({ child, says: said.toString("utf8").trim() }),
    );
  });

const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });

test("of many that want the lock one gets it, and after its death again one", async () => {
  for (let round = 0; round < 2; round += 1) {
    const all = await Promise.all([contender(), contender(), contender(), contender()]);
    const winners = all.filter(({ says }) => says === "mine");
    assert.equal(winners.length, 1);
    const losers = all.filter(({ says }) => says === `taken by ${winners[0]?.child.pid}`);
    assert.equal(losers.length, 3);
    await Promise.all(all.map(({ child }) => killed(child)));
  }
  assert.deepEqual(readdirSync(folder), ["lock-2"]);
});

test("a lock whose pid belongs to another process now is free", async () => {
  const stranger = JSON.stringify({ pid: process.pid, identity: "another boot:1" });
  writeFileSync(join(folder, "lock-5"), stranger);
  assert.equal(await takeLock(folder, systemProcesses()), null);
  assert.deepEqual(readdirSync(folder), ["lock-6"]);
});

// `npm run demo -- --json`, run as a newcomer would: in time, with the promised object on stdout
// and everything else on stderr.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { killAllOf } from "./processes.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const DATA_DIR = join(REPOSITORY, ".sluice", "demo");
const PROMISED_MS = 90_000;
/** Beyond the promise, to see how late it would have been. */
const GIVE_UP_MS = 150_000;
const STOP_MS = 25_000;

test("the demo tells its story in under 90 seconds and one JSON object", async (t) => {
  const before = performance.now();
  const { code, stdout, stderr } = await runDemo();
  const tookMs = performance.now() - before;
  t.diagnostic(`took ${(tookMs / 1_000).toFixed(1)} s`);
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  const summary = JSON.parse(onlyLine(stdout)) as Record<string, Record<string, unknown>>;
  t.diagnostic(JSON.stringify(summary));
  const { ok, good, bad, traffic, audit } = summary;
  assert.equal(ok, true);
  assert.equal(good?.["outcome"], "succeeded");
  assert.equal(bad?.["outcome"], "rolledBack");
  assert.match(String(bad?.["trigger"]), /errorRate|p95/);
  assert.ok(isBetween(bad?.["weightAtTrigger"], 5, 50), "caught in its canary");
  assert.ok(isBetween(bad?.["firstBadResponseToRestoredMs"], 1, 15_000));
  assert.ok(isBetween(traffic?.["requests"], 1_000, Infinity));
  assert.equal(traffic?.["failedByControlPlane"], 0);
  assert.ok(isBetween(traffic?.["badResponsesServed"], 1, Number(traffic?.["requests"]) / 50));
  assert.ok(isBetween(audit?.["records"], 10, Infinity));
  assert.equal(audit?.["verified"], true);
  assert.match(stderr, /1\.1\.0/, "progress is on stderr");
  assert.ok(tookMs < PROMISED_MS, `it took ${(tookMs / 1_000).toFixed(1)} s`);
});

const isBetween = (value: unknown, least: number, most: number): boolean =>
  typeof value === "number" && value >= least && value <= most;

/** What npm itself says about the script it runs begins with `>`. */
const onlyLine = (stdout: string): string => {
  const lines = stdout.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("> "));
  assert.equal(lines.length, 1, `stdout has more than the object:\n${stdout}`);
  return lines[0] ?? "";
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const runDemo = async (): Promise<Ended> => {
  try {
    return await new Promise<Ended>((resolve, reject) => {
      const child = spawn("npm", ["run", "demo", "--", "--json"], {
        cwd: REPOSITORY,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      const said = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
      const end = (signal: NodeJS.Signals): boolean => process.kill(-(child.pid ?? 0), signal);
      const late = setTimeout(() => end("SIGTERM"), GIVE_UP_MS);
      const later = setTimeout(() => end("SIGKILL"), GIVE_UP_MS + STOP_MS);
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(late);
        clearTimeout(later);
        resolve({ code, ...said });
      });
    });
  } finally {
    assert.deepEqual(killAllOf(DATA_DIR), [], "the demo left processes behind");
  }
};

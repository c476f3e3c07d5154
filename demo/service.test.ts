// The sample service's three releases as real processes: good ones, and the one whose fault only
// real traffic shows.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";

import { BAD, BETTER, GOOD, writeArtifacts } from "./artifacts.ts";
import type { Artifact } from "./artifacts.ts";

let folder: string;
let artifacts: readonly Artifact[];
const children = new Set<ChildProcess>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-demo-"));
  artifacts = await writeArtifacts(folder);
});

after(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const launch = async (version: string): Promise<{ child: ChildProcess; url: string }> => {
  const artifact = artifacts.find((one) => one.version === version);
  assert.ok(artifact !== undefined);
  const child = spawn(process.execPath, ["server.js"], {
    cwd: artifact.folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { PORT: "0", SLUICE_RELEASE: `hello@${version}`, SLUICE_SLOT: "green" },
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line")) as [string];
  const { listening } = JSON.parse(line) as { readonly listening: number };
  return { child, url: `http://127.0.0.1:${listening}` };
};

const statuses = async (url: string, count: number): Promise<readonly number[]> => {
  const asked = Array.from({ length: count }, async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    return response.status;
  });
  return Promise.all(asked);
};

describe("the sample service", () => {
  test("says which release answered from which slot", async () => {
    const { url } = await launch(GOOD);
    const response = await fetch(url);
    assert.equal(response.headers.get("x-release"), "hello@1.0.0");
    assert.deepEqual(await response.json(), { release: "hello@1.0.0", slot: "green" });
  });

  test("a good release answers everything", async () => {
    const { url } = await launch(BETTER);
    assert.deepEqual(new Set(await statuses(url, 100)), new Set([200]));
  });

  test("the bad release is slow, fails 5 of 100 requests, and looks healthy", async () => {
    const { url } = await launch(BAD);
    assert.deepEqual(new Set(await statuses(`${url}/health`, 30)), new Set([200]));
    assert.deepEqual(new Set(await statuses(`${url}/ready`, 30)), new Set([200]));
    const startedAt = performance.now();
    const answers = await statuses(url, 100);
    assert.ok(performance.now() - startedAt >= 150);
    assert.equal(answers.filter((status) => status === 500).length, 5);
  });

  test("streams lines, gives bodies back, and has a page to look at", async () => {
    const { url } = await launch(GOOD);
    const lines = await (await fetch(`${url}/stream?lines=3&everyMs=5`)).text();
    assert.equal(lines, "hello@1.0.0 1/3\nhello@1.0.0 2/3\nhello@1.0.0 3/3\n");
    const echo = await fetch(`${url}/echo`, { method: "POST", body: "x".repeat(100_000) });
    assert.equal((await echo.text()).length, 100_000);
    assert.match(await (await fetch(`${url}/page`)).text(), /Hello from <b id="release">hello@1/);
  });

  test("finishes what it has when told to stop, then ends with 0", async () => {
    const { child, url } = await launch(GOOD);
    const response = await fetch(`${url}/stream?lines=5&everyMs=20`);
    child.kill("SIGTERM");
    const lines = await response.text();
    assert.equal(lines.split("\n").length - 1, 5);
    if (child.exitCode === null) await once(child, "exit");
    assert.equal(child.exitCode, 0);
  });
});

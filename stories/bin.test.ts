// The command as it is installed: on an old Node it hands over to its own, with exit code and
// signals kept; the token is in no process list.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fakeApi } from "./fake-api.testing.ts";

const BIN = join(import.meta.dirname, "..", "bin", "sluice.js");
/** A Node of the system's own, older than Sluice's, where there is one. */
const OLD_NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => existsSync(path));
const DEADLINE_MS = 20_000;

const run = async (node: string, args: readonly string[], env: Record<string, string> = {}) => {
  const child = spawn(node, [BIN, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const [code] = (await once(child, "close")) as [number];
  return { code, stdout };
};

const nodes = [process.execPath, ...(OLD_NODE === undefined ? [] : [OLD_NODE])];

for (const node of nodes) {
  const whose = node === process.execPath ? "its own" : "the system's";

  test(`run by ${whose} Node it keeps the exit code`, async () => {
    const version = await run(node, ["--version"]);
    assert.equal(version.code, 0);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal((await run(node, ["nonsense"])).code, 2);
    assert.equal((await run(node, ["status", "--data-dir", "/nowhere/at/all"])).code, 4);
  });

  test(`a signal reaches the command run by ${whose} Node`, async () => {
    await using api = await fakeApi({});
    const args = ["show", "r-1", "--watch", "--url", api.url];
    const child = spawn(node, [BIN, ...args], {
      env: { PATH: process.env["PATH"] ?? "", SLUICE_TOKEN: api.token },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const closed = once(child, "close", { signal: AbortSignal.timeout(DEADLINE_MS) });
    const until = Date.now() + DEADLINE_MS;
    while (api.asked.length === 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGINT");
    const [code] = (await closed) as [number];
    assert.equal(code, 130);
  });
}

// The runner of the benchmarks, without running any: names are checked before anything starts.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

test("an unknown benchmark is refused with the names of those that exist", async () => {
  const { code, stdout, stderr } = await new Promise<{
    readonly code: number | string | null | undefined;
    readonly stdout: string;
    readonly stderr: string;
  }>((resolve) => {
    execFile(process.execPath, [MAIN, "no-such"], { timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: error?.code, stdout, stderr });
    });
  });
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^there is no benchmark "no-such"; there are /);
});

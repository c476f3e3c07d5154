// Processes as the system shows them, each way of looking against a real one.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { after, test } from "node:test";
import { linuxProcesses } from "./processes-linux.ts";
import { psProcesses } from "./processes-ps.ts";
import { cpuMsOf } from "./ps-time.ts";
import { MARK, signalGroup, signalTo } from "./process-table.ts";
import { systemProcesses } from "./processes.ts";

const child = spawn("sleep", ["60"], {
  detached: true,
  stdio: "ignore",
  env: { [MARK]: "processes-test" },
});
const pid = child.pid ?? 0;
after(() => child.kill("SIGKILL"));

const WAYS = [
  ["/proc", process.platform === "linux", linuxProcesses],
  ["ps", existsSync("/bin/ps"), psProcesses],
] as const;

for (const [name, possible, way] of WAYS) {
  test(
    `${name}: a process has an identity, one that is gone has none`,
    { skip: !possible },
    async () => {
      const processes = way();
      const identity = await processes.identify(pid);
      assert.ok(identity !== null && identity !== "");
      assert.equal(await processes.identify(pid), identity);
      assert.equal(await processes.identify(4_194_999), null);
    },
  );

  test(`${name}: a group's members are told with what they use`, { skip: !possible }, async () => {
    const processes = way();
    assert.equal(await processes.groupLives(pid), true);
    const used = (await processes.usage(new Set([pid]))).get(pid)?.get(pid);
    assert.ok((used?.memoryBytes ?? 0) > 50_000 && (used?.cpuMs ?? -1) >= 0);
  });
}

test(
  "a corpse that nobody has buried yet counts as gone",
  { skip: process.platform !== "linux" },
  async () => {
    // The shell becomes a program that never asks what became of the shell's child.
    const careless = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const corpse = Number(await new Promise((resolve) => careless.stdout.once("data", resolve)));
      const processes = linuxProcesses();
      const deadline = Date.now() + 5_000;
      while ((await processes.identify(corpse)) !== null && Date.now() < deadline);
      assert.equal(await processes.identify(corpse), null);
      assert.ok(signalTo(corpse, 0), "its entry is still there");
    } finally {
      careless.kill("SIGKILL");
    }
  },
);

test("marked processes are found by the mark", { skip: process.platform !== "linux" }, async () => {
  assert.deepEqual((await systemProcesses().marked()).get("processes-test"), [
    { pid, leadsGroup: true },
  ]);
});

test("nobody can be made to signal everybody", () => {
  for (const victim of [0, 1]) {
    assert.throws(() => signalGroup(victim, "SIGKILL"));
    assert.throws(() => signalTo(victim, "SIGKILL"));
  }
});

test("CPU times of ps are understood in all their forms", () => {
  assert.equal(cpuMsOf("0:01.53"), 1_530);
  assert.equal(cpuMsOf("12:34"), 754_000);
  assert.equal(cpuMsOf("1:02:03"), 3_723_000);
  assert.equal(cpuMsOf("2-01:00:00"), 176_400_000);
});

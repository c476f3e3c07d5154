// What survives the keeper and the router when they are killed; nothing strange is adopted.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Layout } from "../../../layout/layout.ts";
import { instancesFolder } from "../paths.ts";
import { ensureKeeper } from "../ensure-keeper.ts";
import { Bench, lives, soon, until } from "../testing/bench.ts";
import { FAKE_ROUTER } from "../testing/fake-router.ts";

const bench = new Bench();
before(() => bench.open());
after(() => bench.close());

const LINUX = { skip: process.platform !== "linux" };

const recordOf = (id: string): { path: string; record: Record<string, unknown> } => {
  const path = join(instancesFolder(bench.layout), `${id}.json`);
  return { path, record: JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown> };
};

test("instances serve on while the keeper is dead, and the next one adopts them", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 3, "blue", bench.cohort("1.0.0", 2));
  const before = await bench.ready(lane, 2);
  await bench.killKeeper();
  const answer = await fetch(`http://127.0.0.1:${before[0]?.port}/`, { signal: soon() });
  assert.equal(await answer.text(), `hello from ${before[0]?.pid}`);
  await bench.startKeeper();
  const found = await bench.instances(lane);
  for (const { id, pid, port } of before) {
    const same = found.find((each) => each.id === id);
    assert.deepEqual({ id, pid, port }, { id: same?.id, pid: same?.pid, port: same?.port });
    assert.deepEqual([same?.phase, same?.restarts], ["ready", 0]);
  }
  assert.equal((await bench.keeper.state(lane, soon())).generation, 3);
  await assert.rejects(bench.order(lane, 2, "blue"), /older than 3/);
  process.kill(before[0]?.pid ?? 0, "SIGKILL");
  await until("the adopted one to be restarted", async () => {
    const killed = (await bench.instances(lane)).find(({ id }) => id === before[0]?.id);
    return killed?.restarts === 1 && killed.phase === "ready";
  });
  await bench.order(lane, 4, "blue");
  await bench.ready(lane, 0);
  assert.ok(before.every(({ pid }) => !lives(pid ?? 0)));
});

test("what an adopted instance got by its environment is not told in its log", async () => {
  const lane = bench.newLane();
  const folder = join(bench.layout.secrets, "files");
  const told = { key: null, folder, variables: { SLUICE_SECRET_DB: "s3cret-of-db" } };
  await bench.keeper.tellSecrets(told, soon());
  const env = { DATABASE: "postgres://app:${secret:env/DB}@db/main" };
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { env }));
  await bench.ready(lane, 1);
  await bench.ask(lane, "/say?text=connecting%20with%20s3cret-of-db");
  await bench.killKeeper();
  await bench.startKeeper();
  await bench.keeper.tellSecrets(told, soon());
  const logs = await bench.keeper.logs(lane, { tail: 100 }, soon());
  assert.match(logs, /connecting with \[redacted\]/);
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
});

test("a pid that belongs to another process now is neither adopted nor killed", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1));
  const [instance] = await bench.ready(lane, 1);
  await bench.killKeeper();
  process.kill(instance?.pid ?? 0, "SIGKILL");
  const stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const { path, record } = recordOf(instance?.id ?? "");
  writeFileSync(
    path,
    JSON.stringify({ ...record, process: { ...(record["process"] as object), pid: stranger.pid } }),
  );
  try {
    await bench.startKeeper();
    const [again] = await bench.ready(lane, 1);
    assert.equal(again?.id, instance?.id);
    assert.notEqual(again?.pid, stranger.pid);
    assert.equal(again?.restarts, 1);
    await bench.order(lane, 2, "blue");
    await bench.ready(lane, 0);
    assert.ok(lives(stranger.pid ?? 0));
  } finally {
    stranger.kill("SIGKILL");
  }
});

test("a process that was started but not recorded is found by its mark", LINUX, async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1));
  const [instance] = await bench.ready(lane, 1);
  await bench.killKeeper();
  const { path, record } = recordOf(instance?.id ?? "");
  writeFileSync(path, JSON.stringify({ ...record, process: null, ready: false }));
  await bench.startKeeper();
  const [again] = await bench.ready(lane, 1);
  assert.equal(again?.pid, instance?.pid);
});

test("an order that was taken while its keeper died is carried out by the next", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 2));
  await bench.killKeeper();
  await bench.startKeeper();
  await bench.ready(lane, 2);
});

test("a draining instance goes on leaving under the next keeper", async () => {
  const lane = bench.newLane();
  const stop = { drainMs: 30_000, killAfterMs: 1_000 };
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { stop }));
  const [instance] = await bench.ready(lane, 1);
  await bench.setInFlight(instance?.id ?? "", 1);
  await bench.order(lane, 2, "blue");
  await until("draining", async () => (await bench.first(lane)).phase === "draining");
  await bench.killKeeper();
  await bench.startKeeper();
  assert.equal((await bench.first(lane)).phase, "draining");
  await bench.setInFlight(instance?.id ?? "", 0);
  await bench.ready(lane, 0);
});

test("the router outlives the keeper, and comes back when it is killed", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1));
  await bench.ready(lane, 1);
  const first = (await bench.keeper.info(soon())).router;
  assert.equal(first.state, "running");
  await bench.killKeeper();
  await bench.startKeeper();
  assert.equal((await bench.keeper.info(soon())).router.pid, first.pid);
  const began = Date.now();
  process.kill(first.pid ?? 0, "SIGKILL");
  await until("another router with the same endpoints", async () => {
    const endpoints = await bench.endpoints(lane, "blue").catch(() => []);
    return endpoints.length === 1;
  });
  assert.ok(Date.now() - began < 2_000, `${Date.now() - began} ms`);
  assert.notEqual((await bench.keeper.info(soon())).router.pid, first.pid);
});

test(
  "of many that start a keeper at once all get the same, and no other waits",
  LINUX,
  async () => {
    await bench.killKeeper();
    const options = { router: FAKE_ROUTER };
    const start = async (): Promise<number> => (await ensureKeeper(bench.layout, options)).pid;
    const pids = await Promise.all([start(), start(), start(), start()]);
    assert.equal(new Set(pids).size, 1);
    await until("the others to be gone", () => keepersOf(bench.layout).length === 1);
  },
);

const keepersOf = ({ dataDir }: Layout): readonly string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return command.includes(dataDir) && command.some((part) => part.endsWith("keeper/main.ts"));
    } catch {
      return false;
    }
  });

test("a shutdown ends everything, and the next keeper brings back what was ordered", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 4, "green", bench.cohort("1.0.0", 1));
  const [before] = await bench.ready(lane, 1);
  const { pid, router } = await bench.keeper.info(soon());
  await bench.keeper.shutdown("stop", AbortSignal.timeout(20_000));
  assert.ok(!lives(before?.pid ?? 0) && !lives(router.pid ?? 0));
  await until("the keeper to be gone", () => !lives(pid));
  await bench.startKeeper();
  const [after] = await bench.ready(lane, 1);
  assert.equal(after?.restarts, 0);
  assert.equal((await bench.keeper.state(lane, soon())).generation, 4);
});

test("a shutdown that keeps instances ends only the keeper", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1));
  const [before] = await bench.ready(lane, 1);
  const { pid, router } = await bench.keeper.info(soon());
  await bench.keeper.shutdown("keep", soon());
  await until("the keeper to be gone", () => !lives(pid));
  assert.ok(lives(before?.pid ?? 0) && lives(router.pid ?? 0));
  await bench.startKeeper();
  assert.equal((await bench.ready(lane, 1))[0]?.pid, before?.pid);
});

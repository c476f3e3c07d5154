// The keeper with real processes: how instances start, live, fall, drain and go.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { instant } from "../../../core/ids.ts";
import { laneName } from "../../../core/lane.ts";
import type { LaneKey } from "../../../core/lane.ts";
import type { MetricName } from "../../../core/threshold.ts";
import { processMetrics } from "../metrics.ts";
import { configurationFolder, instancesFolder, keeperSocket, releasesFolder } from "../paths.ts";
import { Bench, lives, soon, until } from "../testing/bench.ts";
import { PROBE } from "../testing/runtime.ts";

const bench = new Bench();
before(async () => {
  process.env["KEEPER_TEST_SECRET"] = "the control plane's own";
  await bench.open();
});
after(() => bench.close());

test("the socket is for its owner alone", () => {
  assert.equal(statSync(keeperSocket(bench.layout)).mode & 0o777, 0o600);
  assert.equal(statSync(bench.layout.sockets).mode & 0o777, 0o700);
});

test("an instance runs a private copy with a clean environment and its own port", async () => {
  const lane = bench.newLane();
  const command = [process.execPath, "service.js", "--listen=127.0.0.1:${PORT}", "${PORT}"];
  await bench.order(
    lane,
    1,
    "green",
    bench.cohort("1.0.0", 1, { command, env: { COLOUR: "teal", PORT: "1" } }),
  );
  const env = JSON.parse(await bench.ask(lane, "/env")) as Record<string, string>;
  const { id, port } = await bench.first(lane);
  assert.equal(env["PORT"], String(port));
  assert.equal(env["COLOUR"], "teal");
  assert.equal(env["SLUICE_SLOT"], "green");
  assert.equal(env["SLUICE_RELEASE"], "service@1.0.0");
  assert.equal(env["SLUICE_INSTANCE"], id);
  assert.equal(env["SLUICE_ENVIRONMENT"], "testing");
  assert.equal(env["KEEPER_TEST_SECRET"], undefined);
  assert.deepEqual(JSON.parse(await bench.ask(lane, "/argv")), [
    `--listen=127.0.0.1:${port}`,
    String(port),
  ]);
  const cwd = await bench.ask(lane, "/cwd");
  assert.ok(cwd.startsWith(releasesFolder(bench.layout)));
  await bench.order(lane, 2, "green");
  await until("the copy to be removed", () => !existsSync(cwd));
  await bench.ready(lane, 0);
});

test("an instance gets its secrets when it starts; they are in no file and no log", async () => {
  const lane = bench.newLane();
  const env = { DATABASE: "postgres://app:${secret:env/DB}@db/main" };
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { env }));
  await until("the reason why it does not start", async () =>
    /secret:env\/DB cannot be used: no control plane/.test((await troubleIn(lane)) ?? ""),
  );
  const told = { key: null, folder: join(bench.layout.secrets, "files") };
  await bench.keeper.tellSecrets({ ...told, variables: {} }, soon());
  await until("the reason to change", async () =>
    /secret:env\/DB is not there: set SLUICE_SECRET_DB/.test((await troubleIn(lane)) ?? ""),
  );
  const variables = { SLUICE_SECRET_DB: "s3cret-of-db" };
  await bench.keeper.tellSecrets({ ...told, variables }, soon());
  const seen = JSON.parse(await bench.ask(lane, "/env")) as Record<string, string>;
  assert.equal(seen["DATABASE"], "postgres://app:s3cret-of-db@db/main");
  await bench.ask(lane, "/say?text=connecting%20to%20s3cret-of-db");
  const logs = await bench.keeper.logs(lane, { tail: 100 }, soon());
  assert.match(logs, /connecting to \[redacted\]/);
  const files = readdirSync(bench.layout.keeper, { recursive: true, withFileTypes: true });
  const holding = files
    .filter((file) => file.isFile() && !file.name.endsWith(".log"))
    .filter((file) => readFileSync(join(file.parentPath, file.name)).includes("s3cret-of-db"));
  assert.deepEqual(holding, []);
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
});

test("a secret in a file is read again while the instance runs", async () => {
  const lane = bench.newLane();
  const told = { key: null, folder: join(bench.layout.secrets, "files") };
  const tell = (password: string): Promise<void> =>
    bench.keeper.tellSecrets(
      { ...told, variables: password === "" ? {} : { SLUICE_SECRET_DB: password } },
      soon(),
    );
  await tell("first-password");
  const values = { database: { password: "${secret:env/DB}", pool: 5 } };
  const file = { name: "app.json", format: "json", variable: "APP_CONFIG", values } as const;
  const configuration = {
    name: "web",
    files: [file],
    refreshMs: 100,
    onRefresh: "SIGHUP",
  } as const;
  const command = [process.execPath, "service.js", "${CONFIG_DIR}"];
  const env = { BEHAVIOUR: "hears-sighup" };
  const cohort = bench.cohort("1.0.0", 1, { command, env, configuration });
  await bench.order(lane, 1, "blue", cohort);
  const config = async () =>
    JSON.parse(await bench.ask(lane, "/config")) as { text: string; hangups: number; pid: number };
  const first = await config();
  assert.deepEqual(JSON.parse(first.text), { database: { password: "first-password", pool: 5 } });
  const { id } = await bench.first(lane);
  const folder = join(configurationFolder(bench.layout), id);
  assert.deepEqual(JSON.parse(await bench.ask(lane, "/argv")), [folder]);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, "app.json")).mode & 0o777, 0o600);
  assert.ok(
    !readFileSync(join(instancesFolder(bench.layout), `${id}.json`), "utf8").includes("first-"),
  );

  await tell("second-password");
  await until("the new value and its signal", async () => {
    const { text, hangups } = await config();
    return text.includes("second-password") && hangups === 1;
  });
  await tell("");
  await until("the reason to be told", async () =>
    /DB is not there/.test((await bench.first(lane)).problem ?? ""),
  );
  const last = await config();
  assert.match(last.text, /second-password/);
  assert.deepEqual([last.pid, last.hangups], [first.pid, 1]);
  const logs = await bench.keeper.logs(lane, { tail: 100 }, soon());
  assert.match(logs, /its configuration was rewritten, SIGHUP sent/);
  assert.equal(logs.match(/stays as it was: secret:env\/DB is not there/g)?.length, 1);

  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
  await until("its files to be removed", () => !existsSync(folder));
});

test("an instance that is killed comes back on its port after its back-off", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1));
  const [first] = await bench.ready(lane, 1);
  process.kill(first?.pid ?? 0, "SIGKILL");
  await until("the back-off to show", async () => (await bench.first(lane)).phase !== "ready");
  const [second] = await bench.ready(lane, 1);
  assert.equal(second?.id, first?.id);
  assert.equal(second?.port, first?.port);
  assert.equal(second?.restarts, 1);
  assert.equal(second?.lastExit?.signal, "SIGKILL");
  assert.notEqual(second?.pid, first?.pid);
});

test("one that keeps dying waits longer each time", async () => {
  const lane = bench.newLane();
  await bench.order(
    lane,
    1,
    "blue",
    bench.cohort("1.0.0", 1, { env: { BEHAVIOUR: "dies-at-once" } }),
  );
  const ends: number[] = [];
  await until("four ends", async () => {
    const at = (await bench.first(lane)).lastExit?.at;
    if (at !== undefined && at !== ends.at(-1)) ends.push(at);
    return ends.length === 4;
  });
  assert.equal((await bench.first(lane)).lastExit?.code, 7);
  assert.equal(await troubleIn(lane), "it ended, exit code 7");
  const gaps = ends.slice(1).map((at, index) => at - (ends[index] ?? 0));
  assert.ok((gaps[0] ?? 0) >= 100 && (gaps[1] ?? 0) >= 200 && (gaps[2] ?? 0) >= 400, String(gaps));
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
});

test("a command that does not exist is told, not fatal", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { command: ["./no-such-program"] }));
  await until("the problem", async () => (await bench.first(lane)).problem !== null);
  const { problem, phase, pid } = await bench.first(lane);
  assert.match(problem ?? "", /no program \.\/no-such-program/);
  assert.match((await troubleIn(lane)) ?? "", /^cannot be started: .*no-such-program/);
  assert.equal(phase, "backoff");
  assert.equal(pid, null);
  await bench.order(lane, 2, "blue", bench.cohort("1.0.1", 1));
  await bench.ready(lane, 1);
  assert.equal(await troubleIn(lane), undefined);
});

/** What decisions see of the slot's first instance. */
const troubleIn = async (lane: LaneKey): Promise<string | undefined> =>
  (await bench.keeper.state(lane, soon())).slots.blue.instances[0]?.trouble;

test("an artifact that is not stored is told in the same way", async () => {
  const lane = bench.newLane();
  const { release, ...rest } = bench.cohort("1.0.0", 1);
  const artifact = `sha256:${"0".repeat(64)}` as typeof release.artifact;
  await bench.order(lane, 1, "blue", { ...rest, release: { ...release, artifact } });
  await until("the problem", async () => (await bench.first(lane)).problem !== null);
  assert.match((await bench.first(lane)).problem ?? "", /no artifact with this digest/);
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
});

test("what ignores SIGTERM is killed with all that came of it", async () => {
  const lane = bench.newLane();
  const env = { BEHAVIOUR: "ignores-sigterm has-child" };
  const stop = { drainMs: 0, killAfterMs: 300 };
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { env, stop }));
  const [instance] = await bench.ready(lane, 1);
  const child = Number(/child ([0-9]+)/.exec(readFileSync(instance?.log ?? "", "utf8"))?.[1]);
  assert.ok(lives(child));
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
  assert.ok(!lives(child) && !lives(instance?.pid ?? 0));
});

test("a grandchild does not outlive an instance that crashed", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { env: { BEHAVIOUR: "has-child" } }));
  const [instance] = await bench.ready(lane, 1);
  const child = Number(/child ([0-9]+)/.exec(readFileSync(instance?.log ?? "", "utf8"))?.[1]);
  process.kill(instance?.pid ?? 0, "SIGKILL");
  await until("the grandchild to be gone", () => !lives(child));
  await bench.ready(lane, 1);
});

test("an instance that goes waits for its requests in flight, then stops", async () => {
  const lane = bench.newLane();
  const stop = { drainMs: 10_000, killAfterMs: 1_000 };
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 2, { stop }));
  const [first, second] = await bench.ready(lane, 2);
  await until("both at the router", async () => (await bench.endpoints(lane, "blue")).length === 2);
  await bench.setInFlight(second?.id ?? "", 1);
  await bench.order(lane, 2, "blue", bench.cohort("1.0.0", 1, { stop }));
  await until("draining at the router", async () => {
    const endpoint = (await bench.endpoints(lane, "blue")).find(({ id }) => id === second?.id);
    return endpoint?.draining === true;
  });
  const draining = (await bench.instances(lane)).find(({ id }) => id === second?.id);
  assert.equal(draining?.phase, "draining");
  assert.ok(lives(second?.pid ?? 0));
  await bench.setInFlight(second?.id ?? "", 0);
  const [left] = await bench.ready(lane, 1);
  assert.equal(left?.id, first?.id);
  await until(
    "its endpoint to be gone",
    async () => (await bench.endpoints(lane, "blue")).length === 1,
  );
});

test("drainMs ends the waiting for requests that never end", async () => {
  const lane = bench.newLane();
  const stop = { drainMs: 1_000, killAfterMs: 1_000 };
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { stop }));
  const [instance] = await bench.ready(lane, 1);
  await bench.setInFlight(instance?.id ?? "", 1);
  const began = Date.now();
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
  assert.ok(Date.now() - began >= 1_000);
});

test("surplus instances that are not ready go before ready ones", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 3));
  const [sick] = await bench.ready(lane, 3);
  await fetch(`http://127.0.0.1:${sick?.port}/get-sick`, { signal: soon() });
  await until("one to be unready", async () => {
    return (await bench.instances(lane)).some(
      ({ id, phase }) => id === sick?.id && phase === "unready",
    );
  });
  await until("the router to spare it", async () => {
    const open = (await bench.endpoints(lane, "blue")).filter(({ draining }) => !draining);
    return open.length === 2 && open.every(({ id }) => id !== sick?.id);
  });
  await bench.order(lane, 2, "blue", bench.cohort("1.0.0", 2));
  const left = await bench.ready(lane, 2);
  assert.ok(left.every(({ id }) => id !== sick?.id));
});

test("an instance whose liveness fails is restarted", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { liveness: PROBE }));
  const [instance] = await bench.ready(lane, 1);
  await fetch(`http://127.0.0.1:${instance?.port}/get-sick`, { signal: soon() });
  await until("its restart", async () => (await bench.first(lane)).restarts === 1);
  await bench.ready(lane, 1);
});

test("other probes reach a running instance, another environment replaces it", async () => {
  const lane = bench.newLane();
  const cohort = bench.cohort("1.0.0", 1);
  await bench.order(lane, 1, "blue", cohort);
  const [before] = await bench.ready(lane, 1);
  const readiness = { ...cohort.runtime.readiness, path: "/get-sick" };
  await bench.order(lane, 2, "blue", bench.cohort("1.0.0", 1, { readiness }));
  const [same] = await bench.ready(lane, 1);
  assert.equal(same?.pid, before?.pid);
  await bench.order(lane, 3, "blue", bench.cohort("1.0.0", 1, { env: { COLOUR: "red" } }));
  await until("another one", async () => {
    const [only, ...others] = await bench.instances(lane);
    return others.length === 0 && only?.phase === "ready" && only.id !== before?.id;
  });
});

test("a log that grows is rotated, and its end can be read", async () => {
  const lane = bench.newLane();
  const logs = { maxFileBytes: 20_000, keepFiles: 2 };
  await bench.order(
    lane,
    1,
    "blue",
    bench.cohort("1.0.0", 1, { env: { BEHAVIOUR: "talks" }, logs }),
  );
  const [instance] = await bench.ready(lane, 1);
  const log = instance?.log ?? "";
  await until("two rotated files", () => existsSync(`${log}.2`));
  const text = await bench.keeper.logs(lane, { tail: 5 }, soon());
  assert.equal(text.trim().split("\n").length, 5);
  assert.ok(text.startsWith(`${instance?.id} | `));
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
  assert.ok(!existsSync(`${log}.3`));
  assert.match(
    await bench.keeper.logs(lane, { tail: 5, slot: "blue" }, soon()),
    /the process ended/,
  );
});

test("what an instance uses and how its probes go is measured", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1, { env: { BEHAVIOUR: "works" } }));
  await bench.ready(lane, 1);
  const metrics = processMetrics(bench.layout);
  const read = async (metric: MetricName): Promise<number | null> => {
    const at = instant(Date.now());
    const query = {
      metric,
      slot: "blue",
      from: at,
      to: at,
      stepMs: 1_000,
      windowMs: 3_000,
    } as const;
    const [series] = await metrics.read(lane, [query], soon());
    return series?.kind === "samples" ? (series.samples[0]?.value ?? null) : null;
  };
  await until("CPU over 20 %", async () => ((await read("cpu")) ?? 0) > 20);
  const memory = (await read("memory")) ?? 0;
  assert.ok(memory > 1 && memory < 100, String(memory));
  assert.equal(await read("healthCheckFailures"), 0);
  assert.equal(await read("restarts"), 0);
  const { port, pid } = await bench.first(lane);
  await fetch(`http://127.0.0.1:${port}/get-sick`, { signal: soon() });
  await until("failed probes", async () => ((await read("healthCheckFailures")) ?? 0) > 50);
  process.kill(pid ?? 0, "SIGKILL");
  await until("a restart", async () => (await read("restarts")) === 1);
});

test("nothing is left of an instance that is gone", async () => {
  const lane = bench.newLane();
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 2));
  const ids = (await bench.ready(lane, 2)).map(({ id }) => `${id}.json`);
  await bench.order(lane, 2, "blue");
  await bench.ready(lane, 0);
  const records = new Set(readdirSync(instancesFolder(bench.layout)));
  assert.ok(ids.every((id) => !records.has(id)));
  await until("its copies to be gone", () => {
    const copies = join(releasesFolder(bench.layout), "lanes", laneName(lane));
    return readdirSync(copies).length === 0;
  });
});

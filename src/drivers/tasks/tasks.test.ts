// Tasks with real commands and real HTTP: what each end is told as, and that nothing outlives them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import type {
  Actor,
  Digest,
  EnvironmentName,
  ReleaseId,
  RunId,
  ServiceName,
} from "../../core/ids.ts";
import type { TaskSpec } from "../../core/task-spec.ts";
import type { Blobs } from "../../ports/blobs.ts";
import type { Secrets } from "../../ports/secrets.ts";
import { someSecrets } from "../../ports/secrets.testing.ts";
import type { TaskEffect } from "../../ports/tasks.ts";
import { Tail } from "./tail.ts";
import { localTasks } from "./tasks.ts";
import type { ProbePlaces } from "./task-parts.ts";

const root = mkdtempSync(join(tmpdir(), "tasks-"));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(root, { recursive: true, force: true });
});

const SCRIPT = `
const [what] = process.argv.slice(2);
if (what === "env") console.log(JSON.stringify({ cwd: process.cwd(), env: process.env }));
if (what === "fail") { console.error("\\u001b[31mit broke\\u001b[0m\\u0000"); process.exit(3); }
if (what === "talk") {
  for (let i = 0; i < 2000; i += 1) console.log("line " + i);
  process.exitCode = 1;
}
if (what === "die") process.kill(process.pid, "SIGKILL");
if (what === "hang") {
  process.on("SIGTERM", () => {});
  console.log(process.pid);
  setInterval(() => {}, 1000);
}
if (what === "leave-child") {
  require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" });
  console.log("left");
  process.exit(0);
}
`;

/** Lays the script down; all that a task needs of an artifact here. */
const blobs: Pick<Blobs, "unpack"> = {
  unpack: async (_digest, folder) => {
    mkdirSync(folder);
    writeFileSync(join(folder, "task.cjs"), SCRIPT);
  },
};

const key: EffectKey = {
  service: "web" as ServiceName,
  environment: "testing" as EnvironmentName,
  run: "r1" as RunId,
  generation: 1,
  ordinal: 0,
};

const secrets = someSecrets({ token: "s3cret-t0ken" });
const places: ProbePlaces = { instances: async () => [], listen: async () => null };

const run = (
  task: TaskSpec,
  options: {
    effect?: Partial<TaskEffect>;
    places?: ProbePlaces;
    signal?: AbortSignal;
    secrets?: Secrets;
  } = {},
): Promise<EffectOutcome> => {
  const effect: TaskEffect = {
    kind: "task",
    step: "migrate",
    attempt: 1,
    task,
    slot: "green",
    release: { id: "web@1.0.0" as ReleaseId, artifact: "" as Digest, author: "a" as Actor },
    deadlineMs: 20_000,
    repeatable: false,
    ...options.effect,
  };
  const parts = {
    blobs: blobs as Blobs,
    workFolder: join(root, "work"),
    environment: { PATH: process.env["PATH"] ?? "" },
    places: options.places ?? places,
    secrets: options.secrets ?? secrets,
    backups: { begin: unasked, putBack: unasked },
  };
  return localTasks(parts).run(key, key, effect, options.signal ?? new AbortController().signal);
};

const unasked = () => Promise.reject(new Error("nobody asked for one"));

const command = (...args: readonly string[]): TaskSpec => ({
  kind: "command",
  command: [process.execPath, "task.cjs", ...args],
  env: { COLOUR: "teal" },
});

const whyOf = (outcome: EffectOutcome): string => ("why" in outcome ? outcome.why : "");

const lives = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

const until = async (what: string, question: () => boolean): Promise<void> => {
  const deadline = Date.now() + 15_000;
  while (!question()) {
    if (Date.now() > deadline) assert.fail(`waited in vain for ${what}`);
    await sleep(20);
  }
};

test("a command runs in a copy of the artifact, with a clean environment", async () => {
  const outcome = await run(command("env"));
  assert.equal(outcome.kind, "applied", whyOf(outcome));
  const seen = JSON.parse(outcome.kind === "applied" ? (outcome.detail ?? "") : "") as {
    cwd: string;
    env: Record<string, string>;
  };
  assert.ok(seen.cwd.startsWith(join(root, "work")));
  const { PATH: _path, ...rest } = seen.env;
  assert.deepEqual(rest, {
    COLOUR: "teal",
    SLUICE_SERVICE: "web",
    SLUICE_ENVIRONMENT: "testing",
    SLUICE_RUN: "r1",
    SLUICE_RELEASE: "web@1.0.0",
    SLUICE_SLOT: "green",
  });
  assert.deepEqual(readdirSync(join(root, "work")), []);
});

test("a command gets secrets in its environment, and its output has them no more", async () => {
  const env = { TOKEN: "${secret:local/token}", PLAIN: "$${HOME}" };
  const outcome = await run({ ...command("env"), env } as TaskSpec);
  assert.equal(outcome.kind, "applied", whyOf(outcome));
  const said = outcome.kind === "applied" ? (outcome.detail ?? "") : "";
  assert.match(said, /"TOKEN":"\[redacted\]"/);
  assert.match(said, /"PLAIN":"\$\{HOME\}"/);
  const missing = { ...command("env"), env: { TOKEN: "${secret:local/none}" } } as TaskSpec;
  assert.deepEqual(await run(missing), {
    kind: "refused",
    code: "secret-unresolved",
    why: "secret:local/none is not there: add it",
  });
});

test("a secret at the place where a long output is cut is not shown by half", () => {
  const tail = new Tail();
  tail.add(Buffer.from(`${"s3cret-t0ken".repeat(2)}${"x".repeat(4_090)}`));
  assert.ok(!/t0ken|ken/.test(tail.text(secrets.redact)));
});

test("a secret at the place where a long answer is cut is not shown by half", async () => {
  const filler = "x".repeat(4_089);
  const echo = await serve((_, response) => response.writeHead(500).end(`${filler}s3cret-t0ken`));
  const url = `${echo.url}/`;
  const task: TaskSpec = { kind: "http", method: "GET", url, body: null, expectStatus: [200] };
  assert.ok(!whyOf(await run(task)).includes("s3cret"));
});

test("a failed command is refused with its code and the end of its output, cleaned", async () => {
  assert.deepEqual(await run(command("fail")), {
    kind: "refused",
    code: "command-failed",
    why: "exit code 3; the end of its output:\nit broke",
  });
});

test("of a long output only the end is kept", async () => {
  const why = whyOf(await run(command("talk")));
  assert.match(why, /line 1999$/);
  assert.ok(Buffer.byteLength(why) < 4_200);
});

test("a command that dies by a signal has failed", async () => {
  assert.match(whyOf(await run(command("die"))), /exit code 137/);
});

test("a command that does not exist is told", async () => {
  const outcome = await run({ kind: "command", command: ["./nothing"], env: {} });
  assert.match(whyOf(outcome), /exit code 127[^]*\.\/nothing cannot be started/);
});

test("what a command leaves behind ends with it, and does not delay it", async () => {
  const began = Date.now();
  assert.equal((await run(command("leave-child"))).kind, "applied");
  assert.ok(Date.now() - began < 5_000);
});

// Each waits for the five seconds that a command has for leaving, so they wait together.
describe("what ignores SIGTERM", { concurrency: true }, () => {
  test("a deadline ends even what ignores SIGTERM; whether it was done nobody knows", async () => {
    const outcome = await run(command("hang"), { effect: { deadlineMs: 1_000 } });
    assert.equal(outcome.kind, "unknown");
    const pid = Number(/([0-9]+)$/.exec(whyOf(outcome))?.[1]);
    assert.ok(pid > 1 && !lives(pid));
  });

  test("a repeatable command that was late has simply failed", async () => {
    const outcome = await run(command("hang"), { effect: { deadlineMs: 500, repeatable: true } });
    assert.equal(outcome.kind === "refused" && outcome.code, "task-deadline");
  });

  test("a task that the shutdown interrupts is unknown", async () => {
    const stop = AbortSignal.timeout(500);
    assert.equal((await run(command("hang"), { signal: stop })).kind, "unknown");
  });
});

test("a command does not outlive the process that asked for it", async () => {
  const out = join(root, "pid");
  const note = `require("fs").writeFileSync(${JSON.stringify(out)}, String(process.pid));`;
  const forEver = "setInterval(() => {}, 1000)";
  const held = JSON.stringify({ command: [process.execPath, "-e", note + forEver], env: {} });
  const leash = JSON.stringify([join(import.meta.dirname, "leash.ts")]);
  const options = JSON.stringify({ stdio: ["pipe", "ignore", "ignore"], detached: true });
  const script = `
    const leash = require("child_process").spawn(process.execPath, ${leash}, ${options});
    leash.stdin.write(${JSON.stringify(`${held}\n`)});
    ${forEver}`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  let pid = 0;
  await until("the command to run", () => {
    try {
      pid = Number(readFileSync(out, "utf8"));
    } catch {
      return false;
    }
    return pid > 1;
  });
  parent.kill("SIGKILL");
  await until("the command to be gone", () => !lives(pid));
});

const serve = async (
  listener: RequestListener,
): Promise<{ host: string; port: number; url: string }> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return { host: "127.0.0.1", port, url: `http://127.0.0.1:${port}` };
};

let good: Awaited<ReturnType<typeof serve>>;
before(async () => {
  good = await serve((request, response) => {
    if (request.url === "/silent") return;
    if (request.url === "/break") request.socket.destroy();
    else response.writeHead(request.url === "/bad" ? 503 : 200).end("what the server says");
  });
});

const http = (path: string, method = "GET"): TaskSpec => ({
  kind: "http",
  method,
  url: `${good.url}${path}`,
  body: null,
  expectStatus: [200],
});

test("an HTTP call is judged by its status, with the answer as evidence", async () => {
  assert.equal((await run(http("/", "POST"))).kind, "applied");
  const outcome = await run(http("/bad"));
  assert.equal(outcome.kind === "refused" && outcome.code, "http-status");
  assert.match(whyOf(outcome), /status 503, expected 200; it says:\nwhat the server says/);
});

test("a call carries secrets, and nothing that is told of it has them", async () => {
  const seen: string[] = [];
  const echo = await serve((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(500).end(`you sent ${request.headers.authorization}`);
  });
  const secret = someSecrets({ token: "s3cret-t0ken", hook: `${echo.url}/hook/s3cret-path` });
  const task: TaskSpec = {
    kind: "http",
    method: "POST",
    url: "${secret:local/hook}",
    headers: { authorization: "Bearer ${secret:local/token}" },
    body: "{}",
    expectStatus: [200],
  };
  const outcome = await run(task, { secrets: secret });
  assert.deepEqual(seen, ["/hook/s3cret-path Bearer s3cret-t0ken"]);
  assert.equal(
    whyOf(outcome),
    "POST ${secret:local/hook}: status 500, expected 200; it says:\nyou sent Bearer [redacted]",
  );
  const nowhere = await run(task, { secrets: someSecrets({ token: "s3cret-t0ken" }) });
  assert.equal(nowhere.kind === "refused" && nowhere.code, "secret-unresolved");
  const odd = await run(task, { secrets: someSecrets({ token: "s3cret", hook: "file:///etc" }) });
  assert.match(
    whyOf(odd),
    /^\$\{secret:local\/hook\} stands for something that is no web address$/,
  );
  assert.equal(seen.length, 1);
});

test("a call that nobody heard has failed; one without an answer may have happened", async () => {
  const { port } = await serve(() => undefined);
  servers.pop()?.close();
  const nobody = await run({
    kind: "http",
    method: "POST",
    url: `http://127.0.0.1:${port}/`,
    body: "x",
    expectStatus: [200],
  });
  assert.equal(nobody.kind === "refused" && nobody.code, "http-unreachable", whyOf(nobody));
  assert.equal((await run(http("/break", "POST"))).kind, "unknown");
  assert.equal(
    (await run(http("/silent", "POST"), { effect: { deadlineMs: 200 } })).kind,
    "unknown",
  );
  const harmless = await run(http("/silent"), { effect: { deadlineMs: 200 } });
  assert.equal(harmless.kind === "refused" && harmless.code, "http-no-answer");
});

const probe = (through: "instances" | "router", ...paths: readonly string[]): TaskSpec => ({
  kind: "probe",
  role: "candidate",
  through,
  paths,
  timeoutMs: 300,
});

test("every path is probed on every instance", async () => {
  const instances = async () => [
    { id: "a", ...good },
    { id: "b", ...good },
  ];
  const some: ProbePlaces = { ...places, instances };
  assert.deepEqual(await run(probe("instances", "/", "/x"), { places: some }), {
    kind: "applied",
    detail: "4 of 4 probes passed",
  });
  const outcome = await run(probe("instances", "/", "/bad", "/silent"), { places: some });
  assert.equal(outcome.kind === "refused" && outcome.code, "probe-failed");
  assert.match(
    whyOf(outcome),
    /4 of 6 probes failed: \/bad on a: status 503; \/silent on a: no answer within 300 ms/,
  );
});

test("the route is probed where the router listens", async () => {
  const listen = async (): Promise<string> => `0.0.0.0:${good.port}`;
  const outcome = await run(probe("router", "/"), { places: { ...places, listen } });
  assert.equal(outcome.kind, "applied", whyOf(outcome));
});

test("copies that a killed control plane left are removed", async () => {
  const dead = spawn("true");
  await new Promise((resolve) => dead.once("exit", resolve));
  const names = [`${dead.pid}-aa`, `${process.ppid}-bb`, "notes"];
  for (const name of names) mkdirSync(join(root, "work", name), { recursive: true });
  await run(command("env"));
  assert.deepEqual(readdirSync(join(root, "work")).toSorted(), names.slice(1).toSorted());
  for (const name of names.slice(1)) rmSync(join(root, "work", name), { recursive: true });
});

test("nothing to probe is a failure, not knowing where is to be retried", async () => {
  for (const through of ["instances", "router"] as const) {
    const none = await run(probe(through, "/"));
    assert.equal(none.kind === "refused" && none.code, "nothing-to-probe");
  }
  const instances = (): Promise<never> => Promise.reject(new Error("no keeper"));
  assert.equal(
    (await run(probe("instances", "/"), { places: { ...places, instances } })).kind,
    "retry",
  );
});

// A real listener: its token file, its stop, and a run followed over a real connection.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ApiFile } from "./contract/protocol.ts";
import type { RunView } from "./contract/runs.ts";
import { sampleRun, sampleWorld } from "./sample-parts.testing.ts";
import { NOW } from "./sample-plan.testing.ts";
import { startApi } from "./start.ts";

const started = async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-api-"));
  const file = join(folder, "api.json");
  const world = sampleWorld();
  const api = await startApi(world.parts, { port: 0, file });
  const { url, token } = JSON.parse(await readFile(file, "utf8")) as ApiFile;
  const dispose = async (): Promise<void> => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const call = (path: string, headers = {}) =>
    fetch(url + path, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      signal: AbortSignal.timeout(5_000),
    });
  return { ...world, api, file, url, token, call, [Symbol.asyncDispose]: dispose };
};

test("the token file is for its owner only, and gone when the API has stopped", async () => {
  const running = await started();
  assert.equal((await stat(running.file)).mode & 0o777, 0o600);
  assert.match(running.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok(running.token.length >= 43);
  assert.equal((await running.call("/v1/health")).status, 200);
  await running[Symbol.asyncDispose]();
  await assert.rejects(stat(running.file));
});

test("over a real connection too, a wrong token or Host is turned away", async () => {
  await using running = await started();
  assert.equal((await running.call("/v1/health", { authorization: "Bearer no" })).status, 401);
  const { hostname, port } = new URL(running.url);
  const status = await new Promise((resolve, reject) => {
    const headers = { host: "rebound.example", authorization: `Bearer ${running.token}` };
    request({ hostname, port, path: "/v1/health", headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    })
      .on("error", reject)
      .end();
  });
  assert.equal(status, 421);
});

test("a taken port is refused with a way out", async () => {
  await using running = await started();
  const options = { port: Number(new URL(running.url).port), file: `${running.file}.other` };
  await assert.rejects(startApi(sampleWorld().parts, options), {
    name: "Refusal",
    code: "port-taken",
  });
});

test("a short token is refused", async () => {
  const options = { port: 0, file: "/nowhere/api.json", token: "short" };
  await assert.rejects(startApi(sampleWorld().parts, options), { code: "bad-token" });
});

test("following tells each change once and ends with the run", async () => {
  await using running = await started();
  const reply = await running.call("/v1/runs/hello.production/follow");
  assert.equal(reply.headers.get("content-type"), "text/event-stream");
  assert.equal(reply.headers.get("cache-control"), "no-store");
  const views: RunView[] = [];
  let text = "";
  for await (const chunk of reply.body ?? []) {
    text += Buffer.from(chunk).toString();
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) views.push(JSON.parse(data) as RunView);
    }
    if (views.length === 1) running.setRun(sampleRun({ revision: 8, weight: 250 }));
    if (views.length === 2) {
      running.setRun(
        sampleRun({ revision: 9, state: { kind: "ended", outcome: "succeeded", at: NOW } }),
      );
    }
  }
  assert.deepEqual(
    views.map((view) => [view.weight, view.phase]),
    [
      [50, "forward"],
      [250, "forward"],
      [50, "ended"],
    ],
  );
});

test("following lives through a database that is away", async () => {
  await using running = await started();
  const reply = await running.call("/v1/runs/r1a2b3c4/follow");
  const reader = reply.body?.getReader();
  await reader?.read();
  running.failWith(Object.assign(new Error("gone"), { code: "57P01" }));
  await new Promise((resolve) => setTimeout(resolve, 30));
  running.failWith(null);
  running.setRun(sampleRun({ revision: 8, weight: 500 }));
  const next = await reader?.read();
  assert.match(Buffer.from(next?.value ?? []).toString(), /"weight":500/);
  await reader?.cancel();
});

test("stopping ends the streams that are open", async () => {
  const running = await started();
  const reply = await running.call("/v1/runs/r1a2b3c4/follow");
  const whole = reply.text().catch(() => "cut");
  await running[Symbol.asyncDispose]();
  await whole;
});

// The client against servers that misbehave: silent, foreign, broken, gone and back again.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { ROUTES } from "../api/contract/routes.ts";
import type { RunView } from "../api/contract/runs.ts";
import { httpClient } from "./client.ts";

const serving = async (listener: RequestListener) => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const client = httpClient({
    url: new URL(`http://127.0.0.1:${port}`),
    token: "t",
    actor: "alice",
    interrupted: new AbortController().signal,
  });
  const dispose = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { client, [Symbol.asyncDispose]: dispose };
};

const fails = (code: string, exit: number) => (error: unknown) => {
  assert.equal((error as { code: string }).code, code);
  assert.equal((error as { exit: number }).exit, exit);
  return true;
};

test("a server that never answers is given up at the deadline", async () => {
  await using serve = await serving(() => undefined);
  const call = serve.client.call(ROUTES.lanes, { deadlineMs: 50 });
  await assert.rejects(call, fails("unreachable", 4));
});

test("a server that is none of ours is told apart from a control plane", async () => {
  await using serve = await serving((_, response) => response.end("<html>"));
  await assert.rejects(serve.client.call(ROUTES.lanes, {}), fails("not-a-control-plane", 4));
});

test("an answer that breaks off is a broken connection, not a result", async () => {
  await using serve = await serving((_, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write('{"lanes":');
    setTimeout(() => response.destroy(), 10);
  });
  await assert.rejects(serve.client.call(ROUTES.lanes, {}), fails("unreachable", 4));
});

test("where more than a look was asked for, a lost answer says that it may be done", async () => {
  await using reset = await serving((request) => {
    request.once("data", () => request.socket.destroy());
  });
  const asked = { params: {}, body: { files: [] } };
  await assert.rejects(reset.client.call(ROUTES.apply, asked), fails("answer-lost", 4));
  await using cut = await serving((_, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write('{"version":');
    setTimeout(() => response.destroy(), 10);
  });
  await assert.rejects(cut.client.call(ROUTES.apply, asked), fails("answer-lost", 4));
  await using silent = await serving(() => undefined);
  const late = { ...asked, deadlineMs: 50 };
  await assert.rejects(silent.client.call(ROUTES.apply, late), fails("answer-lost", 4));
});

test("a line that breaks is followed again, without a word lost or an end made up", async () => {
  let connections = 0;
  await using serve = await serving((_, response) => {
    connections += 1;
    const phase = connections === 1 ? "forward" : "ended";
    response.writeHead(200, { "content-type": "text/event-stream" });
    const text = `event: progress\ndata: ${JSON.stringify({ phase })}\n\n`;
    response.write(text.slice(0, 10));
    setTimeout(() => {
      response.write(text.slice(10));
      setTimeout(() => response.destroy(), 5);
    }, 5);
  });
  const phases: RunView["phase"][] = [];
  const signal = AbortSignal.timeout(5_000);
  for await (const view of serve.client.follow("r-1", signal)) phases.push(view.phase);
  assert.deepEqual([phases, connections], [["forward", "ended"], 2]);
});

test("following a run that is not there says so at once", async () => {
  const problem = { code: "unknown-run", status: 404, detail: "there is no run", errors: [] };
  await using serve = await serving((_, response) => {
    response.writeHead(404).end(JSON.stringify(problem));
  });
  const first = serve.client.follow("r-1", AbortSignal.timeout(5_000)).next();
  await assert.rejects(first, fails("unknown-run", 3));
});

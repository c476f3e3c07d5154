// Everything that can go wrong behind the router, through a real process and real sockets.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { after, before, test, type TestContext } from "node:test";

import { ask, freePort, startOrigin, TestRouter, until } from "./router.testing.ts";

const router = new TestRouter();
before(() => router.start());
after(() => router.discard());

/** Something that takes connections and does with them what it likes. */
const startRaw = async (t: TestContext, onData: (socket: Socket) => void): Promise<number> => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    t.after(() => socket.destroy());
    socket.once("data", () => onData(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
};

test("a route without weights answers 503 and says so", async (t) => {
  const port = await router.route("none.test", { weights: { blue: 0, green: 0 } });
  const reply = await ask({ port });
  assert.equal(reply.status, 503);
  assert.equal(reply.headers["x-sluice-router"], "no-weight");
  assert.equal(reply.text, "503 Service Unavailable: no-weight\n");
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await ask({ port, agent })).headers["connection"], "keep-alive");
});

test("a slot without an instance answers 503, counted as the router's own error", async () => {
  const port = await router.route("empty.test");
  const reply = await ask({ port });
  assert.equal(reply.status, 503);
  assert.equal(reply.headers["x-sluice-router"], "no-endpoint");
  assert.deepEqual((await router.reading("empty.test", "blue", "errorRate")).value, 100);
  assert.deepEqual((await router.reading("empty.test", "blue", "routerErrors")).value, 1);
  assert.deepEqual((await router.reading("empty.test", "blue", "p95")).value, null);
});

test("an error of the origin counts as an error, but not as the router's", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.writeHead(500).end());
  await router.endpoints("bad.test", "blue", [origin.port]);
  const port = await router.route("bad.test");
  assert.equal((await ask({ port })).headers["x-sluice-router"], undefined);
  assert.equal((await router.reading("bad.test", "blue", "errorRate")).value, 100);
  assert.equal((await router.reading("bad.test", "blue", "routerErrors")).value, 0);
});

test("an instance that is gone costs one retry, for any method", async (t) => {
  const origin = await startOrigin(t, (seen, response) => {
    let text = "";
    seen.on("data", (part: Buffer) => (text += part.toString()));
    seen.on("end", () => response.end(`${seen.method} ${text}`));
  });
  await router.endpoints("dead.test", "blue", [await freePort(), origin.port]);
  const port = await router.route("dead.test");
  for (let n = 0; n < 6; n += 1) {
    assert.equal((await ask({ port, method: "POST", body: "paid" })).text, "POST paid");
  }
  const { value } = await router.reading("dead.test", "blue", "retries");
  assert.equal(value, 1);
  const { body } = await router.control("GET", "/routes/dead.test");
  assert.deepEqual(body["usable"], { blue: 1, green: 0 });
});

test("without another instance a failed connection is a 502", async () => {
  await router.endpoints("alone.test", "blue", [await freePort()]);
  const port = await router.route("alone.test");
  const reply = await ask({ port });
  assert.equal(reply.status, 502);
  assert.equal(reply.headers["x-sluice-router"], "connect-failed");
});

test("an instance that comes back is used again", async (t) => {
  const gone = await freePort();
  await router.endpoints("back.test", "blue", [gone]);
  const port = await router.route("back.test");
  assert.equal((await ask({ port })).status, 502);
  await startOrigin(t, (_request, response) => response.end("back"), gone);
  assert.equal((await ask({ port })).text, "back");
});

test("a GET whose connection broke is sent again, a POST is not", async (t) => {
  const good = await startOrigin(t, (_request, response) => response.end("good"));
  const breaking = await startRaw(t, (socket) => socket.destroy());
  await router.endpoints("break.test", "blue", [breaking, good.port]);
  const port = await router.route("break.test");
  const gets = await Promise.all(Array.from({ length: 4 }, () => ask({ port })));
  assert.deepEqual(
    gets.map(({ text }) => text),
    ["good", "good", "good", "good"],
  );
  const posts = [
    await ask({ port, method: "POST", body: "x" }),
    await ask({ port, method: "POST", body: "x" }),
  ];
  const lost = posts.filter(({ status }) => status === 502);
  assert.equal(lost.length, 1);
  assert.equal(lost[0]?.headers["x-sluice-router"], "connection-lost");
});

/** An instance whose n-th connection does what `script[n]` says to each part that comes. */
const startScripted = async (
  t: TestContext,
  script: readonly ((socket: Socket, part: number) => void)[],
): Promise<number> => {
  let connections = 0;
  const server = createTcpServer((socket) => {
    const play = script[connections] ?? ((): void => {});
    connections += 1;
    let part = 0;
    socket.on("error", () => {}).on("data", () => play(socket, part++));
    t.after(() => socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
};

const say = (socket: Socket, body: string, behind = ""): void => {
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}${behind}`);
};

test("a GET that met a kept connection's end is sent again, to the only instance", async (t) => {
  const instance = await startScripted(t, [
    (socket, part) => (part === 0 ? say(socket, "one") : socket.destroy()),
    (socket) => say(socket, "two"),
  ]);
  await router.endpoints("stale.test", "blue", [instance]);
  const port = await router.route("stale.test");
  assert.equal((await ask({ port })).text, "one");
  assert.equal((await ask({ port })).text, "two");
});

test("bytes behind an answer never become the answer to somebody else", async (t) => {
  const forged = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged";
  const instance = await startScripted(t, [
    (socket) => say(socket, "one", forged),
    (socket) => say(socket, "two"),
  ]);
  await router.endpoints("behind.test", "blue", [instance]);
  const port = await router.route("behind.test");
  assert.equal((await ask({ port })).text, "one");
  assert.equal((await ask({ port })).text, "two");
});

test("trailers that cannot be passed on break the answer off", async (t) => {
  const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const odd = await startRaw(t, (socket) => socket.write(`${head}2\r\nok\r\n0\r\nA: \x01\r\n\r\n`));
  await router.endpoints("odd.test", "blue", [odd]);
  const port = await router.route("odd.test");
  await assert.rejects(ask({ port }), /aborted|hang up/);
});

test("an answer that is not HTTP is a 502", async (t) => {
  const babbling = await startRaw(t, (socket) => socket.end("hello there\r\n\r\n"));
  await router.endpoints("babble.test", "blue", [babbling]);
  const port = await router.route("babble.test");
  const reply = await ask({ port });
  assert.equal(reply.status, 502);
  assert.equal(reply.headers["x-sluice-router"], "bad-response");
});

test("no answer in time is a 504, and its time counts", async (t) => {
  const silent = await startRaw(t, () => {});
  await router.endpoints("slow.test", "blue", [silent]);
  const port = await router.route("slow.test", {
    timeouts: { connectMs: 1000, responseMs: 150, idleMs: 5000 },
  });
  const reply = await ask({ port });
  assert.equal(reply.status, 504);
  assert.equal(reply.headers["x-sluice-router"], "response-timeout");
  const { value } = await router.reading("slow.test", "blue", "p95");
  assert.ok(value !== null && value >= 130 && value < 2000, `${value}`);
});

test("an answer that falls silent is broken off, and counts as an error", async (t) => {
  const stuck = await startOrigin(t, (_request, response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("12345");
  });
  await router.endpoints("stuck.test", "blue", [stuck.port]);
  const port = await router.route("stuck.test", {
    timeouts: { connectMs: 1000, responseMs: 5000, idleMs: 150 },
  });
  await assert.rejects(ask({ port }), /aborted|hang up/);
  assert.equal((await router.reading("stuck.test", "blue", "errorRate")).value, 100);
});

test("an instance that dies within its answer breaks it off, and counts as an error", async (t) => {
  const dying = await startRaw(t, (socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345", () => socket.destroy());
  });
  await router.endpoints("dying.test", "blue", [dying]);
  const port = await router.route("dying.test");
  await assert.rejects(ask({ port }), /aborted|hang up/);
  assert.equal((await router.reading("dying.test", "blue", "errorRate")).value, 100);
});

test("a client that stops sending gets a 408, which is not the service's error", async (t) => {
  const origin = await startOrigin(t, (seen) => seen.resume());
  await router.endpoints("stall.test", "blue", [origin.port]);
  const port = await router.route("stall.test", {
    timeouts: { connectMs: 1000, responseMs: 5000, idleMs: 150 },
  });
  const sent = request({
    host: "127.0.0.1",
    port,
    method: "POST",
    headers: { "content-length": "10" },
    agent: false,
  });
  sent.on("error", () => {}).write("12345");
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  assert.equal(response.statusCode, 408);
  response.resume();
  assert.equal((await router.reading("stall.test", "blue", "errorRate")).value, 0);
  sent.destroy();
});

test("a client that leaves ends its request at the instance, and its waiting counts", async (t) => {
  let closed = 0;
  const waiting: ServerResponse[] = [];
  const origin = await startOrigin(t, (_request, response) => {
    waiting.push(response.on("close", () => (closed += 1)));
  });
  await router.endpoints("leave.test", "blue", [origin.port]);
  const port = await router.route("leave.test");
  const sent = request({ host: "127.0.0.1", port, agent: false }).on("error", () => {});
  sent.end();
  await until("the instance has the request", () => waiting.length === 1);
  sent.destroy();
  await until("the instance is told", () => closed === 1);
  const { count } = await router.reading("leave.test", "blue", "p95");
  assert.equal(count, 1);
  assert.equal((await router.reading("leave.test", "blue", "aborted")).value, 1);
});

test("a draining instance gets nothing new and finishes what it has", async (t) => {
  const held: ServerResponse[] = [];
  const old = await startOrigin(t, (_request, response) => void held.push(response));
  const fresh = await startOrigin(t, (_request, response) => response.end("fresh"));
  await router.endpoints("drain.test", "blue", [old.port]);
  const port = await router.route("drain.test");
  const inFlight = async (): Promise<unknown> =>
    (await router.control("GET", `/routes/drain.test/in-flight/i${old.port}`)).body["inFlight"];
  const slow = ask({ port });
  await until("the instance has the request", () => held.length === 1);
  await router.endpoints("drain.test", "blue", [-old.port, fresh.port], 2);
  for (let n = 0; n < 5; n += 1) assert.equal((await ask({ port })).text, "fresh");
  assert.equal(await inFlight(), 1);
  await router.endpoints("drain.test", "blue", [fresh.port], 3);
  assert.equal(await inFlight(), 1, "counted also after it was taken off the list");
  held[0]?.end("slow");
  assert.equal((await slow).text, "slow");
  await until("nothing is in flight", async () => (await inFlight()) === 0);
});

test("a slot whose only instance drains takes no new requests", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.end());
  await router.endpoints("last.test", "blue", [-origin.port]);
  const port = await router.route("last.test");
  assert.equal((await ask({ port })).headers["x-sluice-router"], "no-endpoint");
});

test("connecting has its deadline", async (t) => {
  // A stopped process with a full backlog leaves further connections unanswered.
  const script = `require("node:net").createServer().listen(
    { port: 0, host: "127.0.0.1", backlog: 1 },
    function () { console.log(this.address().port); })`;
  const stopped = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => stopped.kill("SIGKILL"));
  const [line] = (await once(stopped.stdout, "data")) as [Buffer];
  stopped.kill("SIGSTOP");
  const full = Number(line.toString());
  const fillers = Array.from({ length: 8 }, () => connect(full, "127.0.0.1").on("error", () => {}));
  t.after(() => fillers.forEach((socket) => socket.destroy()));
  await until(
    "the backlog is full",
    () => fillers.filter(({ connecting }) => !connecting).length >= 2,
  );
  await router.endpoints("full.test", "blue", [full]);
  const port = await router.route("full.test", {
    timeouts: { connectMs: 150, responseMs: 5000, idleMs: 5000 },
  });
  const reply = await ask({ port });
  assert.equal(reply.status, 504);
  assert.equal(reply.headers["x-sluice-router"], "connect-timeout");
  const upgrade = await ask({ port, headers: { connection: "Upgrade", upgrade: "websocket" } });
  assert.equal(upgrade.headers["x-sluice-router"], "connect-timeout");
});

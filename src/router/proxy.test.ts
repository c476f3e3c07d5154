// Requests that go well, through a real router process to real origins.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";

import { WebSocket, WebSocketServer } from "ws";

import { ask, startOrigin, TestRouter, until } from "./router.testing.ts";

const router = new TestRouter();
before(() => router.start());
after(() => router.discard());

test("an answer passes with its status, fields and body, and says how it came", async (t) => {
  const origin = await startOrigin(t, (seen, response) => {
    response.writeHead(201, "Made", {
      "x-path": seen.url,
      "x-for": seen.headers["x-forwarded-for"],
      "x-host": seen.headers.host,
    });
    response.end("body");
  });
  await router.endpoints("plain.test", "blue", [origin.port]);
  const port = await router.route("plain.test");
  const reply = await ask({ port, path: "/a/b?c=d" });
  assert.equal(reply.status, 201);
  assert.equal(reply.text, "body");
  assert.equal(reply.headers["x-path"], "/a/b?c=d");
  assert.equal(reply.headers["x-for"], "127.0.0.1");
  assert.equal(reply.headers["x-host"], `127.0.0.1:${port}`);
  assert.equal(reply.headers["via"], "1.1 sluice");
  assert.equal(reply.headers["x-sluice-router"], undefined);
});

test("an answer streams: its beginning arrives before its end exists", async (t) => {
  const held = Promise.withResolvers<void>();
  const origin = await startOrigin(t, (_request, response) => {
    response.writeHead(200).flushHeaders();
    void held.promise.then(() => response.write("first"));
  });
  await router.endpoints("down.test", "blue", [origin.port]);
  const port = await router.route("down.test");
  const [response] = (await once(
    request({ host: "127.0.0.1", port, agent: false }).end(),
    "response",
  )) as [IncomingMessage];
  assert.equal(response.statusCode, 200, "the head came before any body");
  held.resolve();
  const [first] = (await once(response, "data")) as [Buffer];
  assert.equal(first.toString(), "first");
  response.destroy();
});

test("a request streams, and its answer may begin before its end is sent", async (t) => {
  const origin = await startOrigin(t, (seen, response) => {
    seen.on("data", (part: Buffer) => response.write(`got ${part.toString()}.`));
    seen.on("end", () => response.end("done"));
  });
  await router.endpoints("up.test", "blue", [origin.port]);
  const port = await router.route("up.test");
  const sent = request({ host: "127.0.0.1", port, method: "POST", agent: false });
  sent.write("one");
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  response.on("data", (part: Buffer) => (text += part.toString()));
  await until("the first part is echoed", () => text === "got one.");
  sent.end("two");
  await once(response, "end");
  assert.equal(text, "got one.got two.done");
});

test("16 MB pass unharmed both ways, past a slow reader", async (t) => {
  const origin = await startOrigin(t, (seen, response) => {
    response.writeHead(200);
    seen.pipe(response);
  });
  await router.endpoints("large.test", "blue", [origin.port]);
  const port = await router.route("large.test");
  const block = Buffer.alloc(256 * 1024, "0123456789abcdef");
  const sent = request({ host: "127.0.0.1", port, method: "PUT", agent: false });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  const sending = (async () => {
    for (let n = 0; n < 64; n += 1) if (!sent.write(block)) await once(sent, "drain");
    sent.end();
  })();
  const [response] = await answered;
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    assert.equal(part[0], block[size % 16]);
    size += part.length;
    if (size % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await sending;
  assert.equal(size, 64 * block.length);
});

test("an early answer reaches a client that is still sending", async (t) => {
  const origin = await startOrigin(t, (_request, response) =>
    response.writeHead(413).end("too much"),
  );
  await router.endpoints("early.test", "blue", [origin.port]);
  const port = await router.route("early.test");
  const sent = request({ host: "127.0.0.1", port, method: "POST", agent: false }).on(
    "error",
    () => {},
  );
  sent.write("x".repeat(1000));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  assert.equal(response.statusCode, 413);
  const [text] = (await once(response, "data")) as [Buffer];
  assert.equal(text.toString(), "too much");
  sent.destroy();
});

test("HEAD, 204 and 304 pass without a body, and the connection stays usable", async (t) => {
  const origin = await startOrigin(t, (seen, response) => {
    if (seen.method === "HEAD") response.writeHead(200, { "content-length": 1234 }).end();
    else response.writeHead(seen.url === "/204" ? 204 : 304).end();
  });
  await router.endpoints("bodiless.test", "blue", [origin.port]);
  const port = await router.route("bodiless.test");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const head = await ask({ port, method: "HEAD", agent });
  assert.equal(head.headers["content-length"], "1234");
  assert.equal((await ask({ port, path: "/204", agent })).status, 204);
  assert.equal((await ask({ port, path: "/304", agent })).status, 304);
});

test("connections to instances are kept and used again", async (t) => {
  let connections = 0;
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  origin.server.on("connection", () => (connections += 1));
  await router.endpoints("kept.test", "blue", [origin.port]);
  const port = await router.route("kept.test");
  for (let n = 0; n < 20; n += 1) assert.equal((await ask({ port })).text, "ok");
  assert.equal(connections, 1);
});

test("a WebSocket talks both ways through the router", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.end());
  const sockets = new WebSocketServer({ server: origin.server });
  t.after(() => sockets.close());
  sockets.on("connection", (socket, seen) => {
    socket.send(`hello ${seen.url} ${String(seen.headers["x-forwarded-for"])}`);
    socket.on("message", (data: Buffer) => socket.send(`echo ${data.toString()}`));
  });
  await router.endpoints("ws.test", "blue", [origin.port]);
  const port = await router.route("ws.test");
  const client = new WebSocket(`ws://127.0.0.1:${port}/chat`);
  const heard: string[] = [];
  client.on("message", (data: Buffer) => heard.push(data.toString()));
  await until("the greeting came", () => heard[0] === "hello /chat 127.0.0.1");
  client.send("one");
  await until("the echo came", () => heard[1] === "echo one");
  const path = `/routes/ws.test/in-flight/i${origin.port}`;
  assert.equal((await router.control("GET", path)).body["inFlight"], 1);
  client.close();
  await once(client, "close");
  await until(
    "the tunnel is gone",
    async () => (await router.control("GET", path)).body["inFlight"] === 0,
  );
  assert.equal((await router.reading("ws.test", "blue", "errorRate")).value, 0);
});

test("an instance that declines an upgrade has its answer passed back", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.end());
  origin.server.on("upgrade", (_request, socket) => {
    socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 4\r\n\r\nnope");
  });
  await router.endpoints("declined.test", "blue", [origin.port]);
  const port = await router.route("declined.test");
  const reply = await ask({ port, headers: { connection: "Upgrade", upgrade: "websocket" } });
  assert.equal(reply.status, 401);
  assert.equal(reply.text, "nope");
});

test("an offer of HTTP/2 is declined by answering as if it had not been made", async (t) => {
  const origin = await startOrigin(t, (seen, response) =>
    response.end(seen.headers.upgrade ?? "no upgrade"),
  );
  await router.endpoints("h2c.test", "blue", [origin.port]);
  const port = await router.route("h2c.test");
  const headers = {
    connection: "Upgrade, HTTP2-Settings",
    upgrade: "h2c",
    "http2-settings": "AAMAAABk",
  };
  assert.equal((await ask({ port, headers })).text, "no upgrade");
});

test("5 % of a thousand requests are 50, give or take one", async (t) => {
  const blue = await startOrigin(t, (_request, response) => response.end("blue"));
  const green = await startOrigin(t, (_request, response) => response.end("green"));
  await router.endpoints("split.test", "blue", [blue.port]);
  await router.endpoints("split.test", "green", [green.port]);
  const port = await router.route("split.test", { weights: { blue: 950, green: 50 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  t.after(() => agent.destroy());
  const replies = await Promise.all(Array.from({ length: 1000 }, () => ask({ port, agent })));
  const got = replies.filter(({ text }) => text === "green").length;
  assert.ok(Math.abs(got - 50) <= 1, `${got}`);
});

test("a sticky client stays in its slot until the slot has no weight", async (t) => {
  const blue = await startOrigin(t, (_request, response) => response.end("blue"));
  const green = await startOrigin(t, (_request, response) => response.end("green"));
  await router.endpoints("sticky.test", "blue", [blue.port]);
  await router.endpoints("sticky.test", "green", [green.port]);
  const sticky = { cookie: "slot", ttlMs: 60_000 };
  const port = await router.route("sticky.test", { weights: { blue: 500, green: 500 }, sticky });
  const first = await ask({ port });
  const cookie = (first.headers["set-cookie"]?.[0] ?? "").split(";")[0] ?? "";
  assert.equal(cookie, `slot=${first.text}`);
  for (let n = 0; n < 20; n += 1) {
    const again = await ask({ port, headers: { cookie } });
    assert.equal(again.text, first.text);
    assert.equal(again.headers["set-cookie"], undefined);
  }
  const other = first.text === "blue" ? "green" : "blue";
  const weights = { blue: other === "blue" ? 1000 : 0, green: other === "green" ? 1000 : 0 };
  await router.route("sticky.test", {
    weights,
    sticky,
    generation: 2,
    listen: `127.0.0.1:${port}`,
  });
  const moved = await ask({ port, headers: { cookie } });
  assert.equal(moved.text, other);
  assert.match(moved.headers["set-cookie"]?.[0] ?? "", new RegExp(`^slot=${other};`));
});

test("pipelined requests are answered in order", async (t) => {
  const origin = await startOrigin(t, (seen, response) => {
    setTimeout(() => response.end(`[${seen.url}]`), seen.url === "/1" ? 30 : 0);
  });
  await router.endpoints("pipe.test", "blue", [origin.port]);
  const port = await router.route("pipe.test");
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  let text = "";
  socket.on("data", (part: Buffer) => (text += part.toString()));
  socket.write(
    ["/1", "/2", "/3"].map((path) => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`).join(""),
  );
  await until("all three are answered", () => text.includes("[/3]"));
  assert.deepEqual(text.match(/\[\/\d\]/g), ["[/1]", "[/2]", "[/3]"]);
});

test("trailers of an answer pass", async (t) => {
  const origin = await startOrigin(t, (_request, response) => {
    response.writeHead(200, { trailer: "sum" }).write("body");
    response.addTrailers({ sum: "42" });
    response.end();
  });
  await router.endpoints("trailer.test", "blue", [origin.port]);
  const port = await router.route("trailer.test");
  const sent = request({ host: "127.0.0.1", port, agent: false }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  await once(response.resume(), "end");
  assert.deepEqual({ ...response.trailers }, { sum: "42" });
});

test("an idle connection is closed before the instance would close it", async (t) => {
  let closedByRouter = 0;
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  origin.server.keepAliveTimeout = 2_000;
  origin.server.on("connection", (socket) => socket.on("end", () => (closedByRouter += 1)));
  await router.endpoints("idle.test", "blue", [origin.port]);
  const port = await router.route("idle.test");
  assert.equal((await ask({ port })).text, "ok");
  await until("the router has closed it", () => closedByRouter === 1);
});

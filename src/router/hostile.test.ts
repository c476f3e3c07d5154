// Clients and origins that mean harm, or do harm: the router must stand.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";

import fc from "fast-check";

import { ask, startOrigin, TestRouter, until } from "./router.testing.ts";

const router = new TestRouter();
before(() => router.start());
after(() => router.discard());

/** Sends bytes and gives back all that came until the other side closed, or until `enough` did. */
const say = (port: number, bytes: string | Buffer, enough = /$^/): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no end after: ${text}`)));
    socket.on("data", (part: Buffer) => {
      text += part.toString("latin1");
      if (enough.test(text)) socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
    socket.on("close", () => resolve(text));
  });

test("malformed requests are answered by the router and harm nobody else", async (t) => {
  const seen: string[] = [];
  const origin = await startOrigin(t, (request, response) => {
    seen.push(request.url ?? "");
    response.end("ok");
  });
  await router.endpoints("mal.test", "blue", [origin.port]);
  const port = await router.route("mal.test");
  const cases: readonly (readonly [string, string])[] = [
    ["nonsense\r\n\r\n", "400"],
    ["GET / HTTP/9.9\r\n\r\n", "400"],
    ["GET /\r\nHost: h\r\n\r\n", "400"],
    ["GET / HTTP/1.1\r\n\r\n", "400"],
    ["GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", "400"],
    ["GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n", "400"],
    ["GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", "400"],
    ["OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "400"],
    ["CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", "400"],
    [
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "400",
    ],
    ["POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "400"],
    ["POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", "400"],
    [`GET / HTTP/1.1\r\nHost: h\r\nX: ${"x".repeat(40_000)}\r\n\r\n`, "431"],
    [`GET /${"x".repeat(40_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, "431"],
  ];
  for (const [bytes, status] of cases) {
    const text = await say(port, bytes);
    assert.match(text, new RegExp(`^HTTP/1.1 ${status} `), JSON.stringify(bytes.slice(0, 60)));
  }
  assert.deepEqual(seen, []);
  const hostless = await say(port, "GET / HTTP/1.1\r\n\r\n");
  assert.match(hostless, /x-sluice-router: bad-request/i, "answered by ourselves, and counted");
  assert.match(await say(port, "GET / HTTP/1.0\r\n\r\n"), /^HTTP\/1.1 200 [^]*ok/);
  assert.equal((await ask({ port })).text, "ok");
});

test("a chunked body that turns to nonsense ends its request, not the router", async (t) => {
  const origin = await startOrigin(t, (request, response) => {
    request
      .on("error", () => {})
      .resume()
      .on("end", () => response.end("ok"));
  });
  await router.endpoints("chunk.test", "blue", [origin.port]);
  const port = await router.route("chunk.test");
  await say(
    port,
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
  );
  assert.equal((await ask({ port })).text, "ok");
});

test("whatever bytes come, the router goes on", async (t) => {
  const origin = await startOrigin(t, (request, response) => {
    request
      .on("error", () => {})
      .resume()
      .on("end", () => response.end("ok"));
  });
  await router.endpoints("fuzz.test", "blue", [origin.port]);
  const port = await router.route("fuzz.test");
  const piece = fc.oneof(
    fc.constantFrom(
      "GET / HTTP/1.1\r\n",
      "POST /x HTTP/1.1\r\n",
      "HEAD / HTTP/1.0\r\n",
      "Host: h\r\n",
      "\r\n",
      "0\r\n\r\n",
      "Connection: Upgrade\r\nUpgrade: websocket\r\n",
      "Content-Length: 3\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Expect: 100-continue\r\n",
      "Connection: close, host\r\n",
      "Cookie: slot=green\r\n",
      "3\r\nabc\r\n",
      "Expect: tea\r\n",
    ),
    fc.string({ maxLength: 20 }),
  );
  const bytes = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  await fc.assert(
    fc.asyncProperty(bytes, async (text) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {}).resume();
      await new Promise<void>((resolve) => socket.end(text, "latin1", resolve));
      await new Promise((resolve) => setTimeout(resolve, 1));
      socket.destroy();
    }),
    { numRuns: 300 },
  );
  assert.equal((await ask({ port })).text, "ok");
  const left = async (): Promise<boolean> => {
    const { body } = await router.control("GET", `/routes/fuzz.test/in-flight/i${origin.port}`);
    return body["inFlight"] === 0;
  };
  await until("nothing is left in flight", left);
  assert.ok(!router.log.includes("internal-error"), router.log);
});

test("answers of an origin that are not HTTP never reach past their own request", async (t) => {
  const { createServer } = await import("node:net");
  let reply = "";
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(reply, "latin1"));
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await until("the origin listens", () => server.listening);
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  await router.endpoints("origin.test", "blue", [address.port]);
  const port = await router.route("origin.test");
  const piece = fc.oneof(
    fc.constantFrom(
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 204 No Content\r\n",
      "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.1 101 Switching\r\n",
      "HTTP/1.1 103 Early Hints\r\n\r\n",
      "HTTP/1.0 999 x\r\n",
      "Content-Length: 3\r\n",
      "Transfer-Encoding: chunked\r\n",
      "\r\n",
      "abc",
      "3\r\nabc\r\n",
      "0\r\n\r\n",
      "Upgrade: x\r\nConnection: upgrade\r\n",
      "Bad: \x01\r\n",
      "Trailer: x\r\n",
    ),
    fc.string({ maxLength: 10 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      reply = pieces.join("");
      const text = await say(port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assert.match(text, /^(HTTP\/1\.1 \d{3} |$)/);
    }),
    { numRuns: 200 },
  );
  assert.ok(!router.log.includes("internal-error"), router.log);
});

test("a client that connects and says nothing keeps nobody out", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  await router.endpoints("idle.test", "blue", [origin.port]);
  const port = await router.route("idle.test");
  const idle = Array.from({ length: 200 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  t.after(() => idle.forEach((socket) => socket.destroy()));
  await until("all are connected", () => idle.every(({ connecting }) => !connecting));
  assert.equal((await ask({ port })).text, "ok");
});

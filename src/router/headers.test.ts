// What a message gains and loses on its way through.

import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";

import { backwardHeaders, onwardHead } from "./headers.ts";

const near = { address: "127.0.0.1", trusted: true, open: 0, closed: (): void => {} };
const far = { ...near, address: "203.0.113.7", trusted: false };

const requestOf = (
  rawHeaders: readonly string[],
  url = "/a?b",
  httpVersion = "1.1",
  localAddress = "127.0.0.1",
): IncomingMessage => {
  const socket = { localAddress, localPort: 8_080 };
  const request = { url, method: "GET", httpVersion, httpVersionMajor: 1, rawHeaders, socket };
  return request as IncomingMessage;
};

/** Name and value pairs as an object; repeated names joined. */
const fields = (flat: readonly string[]): Record<string, string> => {
  const all: Record<string, string> = {};
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? "";
    all[name] = all[name] === undefined ? (flat[at + 1] ?? "") : `${all[name]} | ${flat[at + 1]}`;
  }
  return all;
};

test("a request says whom it came from and through whom", () => {
  const head = onwardHead(requestOf(["Host", "shop.test:80", "Accept", "*/*"]), far);
  assert.deepEqual(fields(head?.headers ?? []), {
    Accept: "*/*",
    host: "shop.test:80",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "http",
    "x-forwarded-host": "shop.test:80",
    forwarded: 'for=203.0.113.7;host="shop.test:80";proto=http',
    via: "1.1 sluice",
  });
});

const CLAIMS = [
  "Host",
  "in.test",
  "X-Forwarded-For",
  "198.51.100.1",
  "X-Forwarded-Proto",
  "https",
  "X-Forwarded-Host",
  "out.test",
  "Forwarded",
  "for=198.51.100.1",
  "Via",
  "1.0 front",
];

test("a trusted proxy's claims are kept and added to", () => {
  const sent = fields(onwardHead(requestOf(CLAIMS), near)?.headers ?? []);
  assert.equal(sent["x-forwarded-for"], "198.51.100.1, 127.0.0.1");
  assert.equal(sent["x-forwarded-proto"], "https");
  assert.equal(sent["x-forwarded-host"], "out.test");
  assert.equal(sent["forwarded"], 'for=198.51.100.1, for=127.0.0.1;host="in.test";proto=http');
  assert.equal(sent["via"], "1.0 front, 1.1 sluice");
});

test("anybody else's claims are replaced", () => {
  const sent = fields(onwardHead(requestOf(CLAIMS), far)?.headers ?? []);
  assert.equal(sent["x-forwarded-for"], "203.0.113.7");
  assert.equal(sent["x-forwarded-proto"], "http");
  assert.equal(sent["x-forwarded-host"], "in.test");
  assert.equal(sent["forwarded"], 'for=203.0.113.7;host="in.test";proto=http');
});

test("an IPv6 client is quoted in brackets", () => {
  const sent = fields(
    onwardHead(requestOf(["Host", "h"]), { ...far, address: "2001:db8::1" })?.headers ?? [],
  );
  assert.equal(sent["forwarded"], 'for="[2001:db8::1]";host="h";proto=http');
});

test("what belongs to the connection is not passed on", () => {
  const raw = [
    "Host",
    "h",
    "Connection",
    "keep-alive, X-Mine",
    "X-Mine",
    "1",
    "Keep-Alive",
    "timeout=5",
    "TE",
    "trailers",
    "Trailer",
    "x",
    "Transfer-Encoding",
    "chunked",
    "Upgrade",
    "h2c",
    "Proxy-Connection",
    "close",
    "Proxy-Authorization",
    "Basic x",
    "Expect",
    "100-continue",
    "X-Yours",
    "2",
  ];
  const head = onwardHead(requestOf(raw), near);
  const names = Object.keys(fields(head?.headers ?? []));
  assert.deepEqual(names, [
    "X-Yours",
    "host",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "forwarded",
    "via",
  ]);
  assert.equal(head?.body, "chunked");
});

test("an answer loses its connection's fields and a forged router header", () => {
  const raw = [
    "Connection",
    "close, X-Mine",
    "X-Mine",
    "1",
    "Transfer-Encoding",
    "chunked",
    "Set-Cookie",
    "a=1",
    "Set-Cookie",
    "b=2",
    "X-Sluice-Router",
    "no-endpoint",
    "Via",
    "1.1 inner",
  ];
  const sent = fields(backwardHeaders(raw));
  assert.deepEqual(sent, { "Set-Cookie": "a=1 | b=2", via: "1.1 inner, 1.1 sluice" });
});

test("an absolute target becomes a path, and its host the Host", () => {
  const head = onwardHead(requestOf(["Host", "other"], "http://shop.test/a/b?c=d"), near);
  assert.equal(head?.path, "/a/b?c=d");
  assert.equal(fields(head?.headers ?? [])["host"], "shop.test");
});

test("what cannot be passed on is refused", () => {
  assert.equal(onwardHead(requestOf(["Host", "a"], "*"), near), null);
  assert.equal(onwardHead(requestOf(["Host", "a"], "ftp://x/"), near), null);
  assert.equal(onwardHead(requestOf(["Host", "a", "Host", "b"]), near), null);
});

test("an older client without a Host gets the address it connected to", () => {
  const sent = (localAddress: string): Record<string, string> =>
    fields(onwardHead(requestOf([], "/", "1.0", localAddress), far)?.headers ?? []);
  assert.equal(sent("::ffff:192.0.2.1")["host"], "192.0.2.1:8080");
  assert.equal(sent("2001:db8::2")["host"], "[2001:db8::2]:8080");
  assert.equal(sent("192.0.2.1")["x-forwarded-host"], undefined, "nobody said one");
});

test("without a Host HTTP/1.1 is refused, with an empty one it is passed on", () => {
  assert.equal(onwardHead(requestOf([]), near), null);
  assert.equal(onwardHead(requestOf([], "http://shop.test/"), near), null);
  assert.equal(onwardHead(requestOf(["Host", "", "Host", "a"]), near), null);
  const empty = onwardHead(requestOf(["Host", ""]), near);
  assert.equal(fields(empty?.headers ?? [])["host"], "127.0.0.1:8080");
});

test("only a Content-Length above zero or a Transfer-Encoding means a body", () => {
  const bodyOf = (...raw: string[]): string | undefined =>
    onwardHead(requestOf(["Host", "h", ...raw]), near)?.body;
  assert.equal(bodyOf(), "none");
  assert.equal(bodyOf("Content-Length", "0"), "none");
  assert.equal(bodyOf("Content-Length", "7"), "length");
  assert.equal(bodyOf("transfer-encoding", "chunked"), "chunked");
  assert.equal(bodyOf("transfer-encoding", "gzip, chunked"), undefined);
});

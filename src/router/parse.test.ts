// What the control API takes, and how it names what is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { parseEndpointList, parseRouteName, parseRouteSpec, splitListen } from "./parse.ts";
import { Problem } from "./problem.ts";

const good = {
  generation: 1,
  listen: "127.0.0.1:80",
  weights: { blue: 950, green: 50 },
  sticky: { cookie: "slot", ttlMs: 60_000 },
  timeouts: { connectMs: 1, responseMs: 2, idleMs: 3 },
};

const refusal = (value: unknown): string => {
  try {
    parseRouteSpec(value);
  } catch (error) {
    assert.ok(error instanceof Problem);
    assert.equal(error.code, "invalid-request");
    return error.message;
  }
  return "";
};

test("a route is taken as it was sent", () => {
  assert.deepEqual(parseRouteSpec(good), good);
  assert.equal(parseRouteSpec({ ...good, sticky: null }).sticky, null);
});

test("each mistake is named with its place", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [null, "body: expected an object, found null"],
    [
      { ...good, extra: 1 },
      "body: unknown key extra; known are generation, listen, weights, sticky, timeouts",
    ],
    [
      { ...good, generation: 1.5 },
      "body.generation: expected a whole number from 1 to 9007199254740991, found 1.5",
    ],
    [
      { ...good, weights: { blue: 950, green: 51 } },
      'body.weights: expected a sum of 1000, or both 0, found {"blue":950,"green":51}',
    ],
    [
      { ...good, weights: { blue: -1, green: 1001 } },
      "body.weights.blue: expected a whole number from 0 to 1000, found -1",
    ],
    [
      { ...good, listen: "80" },
      'body.listen: expected host:port with a port from 1 to 65535, found "80"',
    ],
    [
      { ...good, sticky: { cookie: "a b", ttlMs: 1000 } },
      'body.sticky.cookie: expected a cookie name of 1 to 100 token characters, found "a b"',
    ],
    [
      { ...good, timeouts: { connectMs: 1, responseMs: 2 } },
      "body.timeouts.idleMs: expected a whole number from 1 to 86400000, found nothing",
    ],
  ];
  for (const [value, message] of cases) assert.equal(refusal(value), message);
});

test("whatever is sent is taken or refused, never a crash", () => {
  const fields = Object.keys(good).map((key) => [key, fc.jsonValue()] as const);
  const values = fc.oneof(fc.jsonValue(), fc.record(Object.fromEntries(fields)));
  fc.assert(fc.property(values, (value) => void refusal(value)));
});

test("an endpoint's id may appear once in its slot", () => {
  const endpoint = { id: "a", host: "127.0.0.1", port: 1, draining: false };
  assert.equal(parseEndpointList({ epoch: 0, endpoints: [endpoint] }).endpoints.length, 1);
  assert.throws(
    () => parseEndpointList({ epoch: 0, endpoints: [endpoint, endpoint] }),
    /every id once/,
  );
});

test("addresses to listen on", () => {
  assert.deepEqual(splitListen("localhost:8080"), { host: "localhost", port: 8080 });
  assert.deepEqual(splitListen("[::1]:8080"), { host: "::1", port: 8080 });
  for (const bad of ["", ":80", "a:0", "a:65536", "a:1e3", "::1:80", "a b:80"])
    assert.equal(splitListen(bad), null, bad);
});

test("a route's name fits a path", () => {
  assert.equal(parseRouteName("web.production", "name"), "web.production");
  for (const bad of ["", ".", "..", "a/b", "a".repeat(201), "ü"])
    assert.throws(() => parseRouteName(bad, "name"), Problem);
});

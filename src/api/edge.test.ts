// The edge of the API over a real connection: whatever is sent, the answer is a problem with its
// code, or none because nobody listens any more; and nothing is begun.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Problem } from "./contract/problem.ts";
import { clientRefusal } from "./edge.ts";
import { problemOf } from "./problem.ts";
import { sampleApi } from "./sample-request.testing.ts";

const HEAD = `authorization: Bearer ${"t".repeat(43)}\r\nsluice-actor: alice\r\nconnection: close`;
const JSON_BODY = "content-type: application/json";
const BODY = '{"service":"hello","environment":"production","release":"hello@1.1.0","reason":null}';

const request = (line: string, headers: readonly string[], body: string | Buffer = ""): Buffer => {
  const length = headers.some((one) => /^(?:content-length|transfer-encoding)/.test(one))
    ? []
    : [`content-length: ${Buffer.byteLength(body)}`];
  const head = [`${line} HTTP/1.1`, HEAD, ...headers, ...length, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
};

const HOST = "host: localhost";
const POST = "POST /v1/runs";
const zipped = gzipSync(BODY);

const CASES: readonly (readonly [string, Buffer, number, string])[] = [
  [
    "a body shorter than Content-Length",
    request(POST, [HOST, JSON_BODY, "content-length: 500"], BODY),
    400,
    "cut-short",
  ],
  [
    "a zipped body",
    request(POST, [HOST, JSON_BODY, "content-encoding: gzip"], zipped),
    415,
    "unsupported-encoding",
  ],
  [
    "a zipped report",
    request("POST /v1/releases/hello@1.1.0/evidence?name=a", [HOST, "content-encoding: gzip"], "a"),
    415,
    "unsupported-encoding",
  ],
  [
    "a zipped transfer",
    request(POST, [HOST, JSON_BODY, "transfer-encoding: gzip, chunked"], "0\r\n\r\n"),
    415,
    "unsupported-encoding",
  ],
  ["XML", request(POST, [HOST, "content-type: text/xml"], "<a/>"), 415, "unsupported-body"],
  ["a body of no type", request(POST, [HOST], BODY), 415, "unsupported-body"],
  [
    "a form",
    request(POST, [HOST, "content-type: multipart/form-data"], "a=b"),
    415,
    "unsupported-body",
  ],
  ["a method that does not exist", request("BREW /v1/runs", [HOST]), 501, "unknown-method"],
  ["a method that the path has not", request("PATCH /v1/runs", [HOST]), 405, "method-not-allowed"],
  ["CONNECT", request("CONNECT localhost:1", [HOST]), 501, "unknown-method"],
  ["a path that is not there", request("PATCH /v1/nothing", [HOST]), 404, "unknown-route"],
  ["no host", request("GET /v1/runs", []), 421, "bad-host"],
  ["a path wrongly encoded", request("GET /v1/runs/%zz", [HOST]), 400, "bad-request"],
  ["a path of 600", request(`GET /v1/runs/${"a".repeat(600)}`, [HOST]), 404, "unknown-route"],
  ["an expectation", request("GET /v1/runs", [HOST, "expect: tea"]), 417, "unknown-expectation"],
  [
    "endless headers",
    request("GET /v1/runs", [HOST, `x: ${"a".repeat(20_000)}`]),
    431,
    "headers-too-large",
  ],
  ["a length that is none", request(POST, [HOST, "content-length: x"], BODY), 400, "bad-http"],
  [
    "two lengths",
    request(POST, [HOST, JSON_BODY, "content-length: 2", "transfer-encoding: chunked"], "{}"),
    400,
    "bad-http",
  ],
  [
    "a chunk that is none",
    request(POST, [HOST, JSON_BODY, "transfer-encoding: chunked"], "zz\r\n{}"),
    400,
    "bad-http",
  ],
];

const answerTo = (port: number, bytes: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
    socket.on("data", (part) => parts.push(Buffer.from(part)));
    socket.on("close", () => resolve(Buffer.concat(parts).toString()));
    socket.on("error", reject);
  });

const statusAndProblem = (text: string) => {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  const json = body.slice(body.indexOf("{"), body.lastIndexOf("}") + 1);
  return { head: head.toLowerCase(), problem: JSON.parse(json) as Problem };
};

for (const [what, bytes, status, code] of CASES) {
  test(`${what} is answered with ${status} ${code}`, async () => {
    await using api = await sampleApi();
    const { port } = new URL(await api.app.listen({ host: "127.0.0.1", port: 0 }));
    const { head, problem } = statusAndProblem(await answerTo(Number(port), bytes));
    assert.match(head, new RegExp(`^http/1\\.1 ${status} `));
    assert.match(head, /content-type: application\/problem\+json/);
    assert.deepEqual([problem.code, problem.status], [code, status]);
    assert.equal(problem.type, `urn:sluice:problem:${code}`);
    assert.ok(problem.errors[0]?.message !== undefined && problem.instance !== "");
    if (status === 405) assert.match(head, /allow: get, post/);
    if (code === "unsupported-encoding") assert.match(head, /accept-encoding: identity/);
    assert.deepEqual([api.asked, api.logged], [[], []]);
  });
}

test("what does not arrive in time is told as that", () => {
  const refusal = clientRefusal({ code: "ERR_HTTP_REQUEST_TIMEOUT" });
  const { problem } = problemOf(refusal, { id: "x", about: "anything" });
  assert.deepEqual([problem.status, problem.code], [408, "too-late"]);
});

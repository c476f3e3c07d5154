// k6, autocannon, provenance and the plain form: what each gives, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson, readText, refusalOf, sampleText, valuesOf } from "./reports.testing.ts";

const k6 = (metrics: object): unknown => ({ metrics });
const shoot = (rest: object): unknown => ({
  latency: { p50: 1, p97_5: 2, p99: 3 },
  requests: { total: 100 },
  errors: 0,
  non2xx: 0,
  ...rest,
});
const statement = (rest: object): unknown => ({
  ...(JSON.parse(sampleText("provenance.json")) as object),
  ...rest,
});
const envelope = (rest: object): unknown => ({
  ...(JSON.parse(sampleText("provenance.dsse.json")) as object),
  ...rest,
});
const code = (read: () => unknown): string => refusalOf(read).code;

test("a load test without requests gives no times, so a gate on them waits", () => {
  const none = { http_reqs: { count: 0 }, http_req_duration: { "p(95)": 0 }, http_req_failed: {} };
  assert.deepEqual(valuesOf(readJson("a.json", k6(none))), ["requests 0 count"]);
  const idle = shoot({ requests: { total: 0 }, errors: 5 });
  const values = valuesOf(readJson("a.json", idle));
  assert.deepEqual(values, ["requests 0 count", "errorRate 100 percent"]);
});

test("autocannon has no 95th percentile, and none is made up", () => {
  const names = Object.keys(readJson("a.json", shoot({})).values);
  assert.ok(names.includes("performanceP97_5") && !names.includes("performanceP95"));
});

test("autocannon's error rate counts what got no answer, no 2xx or a wrong body", () => {
  const rate = (rest: object): string | undefined => valuesOf(readJson("a.json", shoot(rest)))[1];
  assert.equal(rate({}), "errorRate 0 percent");
  assert.equal(rate({ non2xx: 1 }), "errorRate 1 percent");
  assert.equal(rate({ errors: 100 }), "errorRate 50 percent");
  assert.equal(rate({ mismatches: 7 }), "errorRate 7 percent");
  assert.equal(rate({ non2xx: 100, mismatches: 100 }), "errorRate 100 percent");
});

test("times and error rates are rounded up, and nothing is never less than nothing", () => {
  const latency = { p50: 0, p90: 1.0001, p97_5: 2.5, p99: 0.1 + 0.2 };
  const rest = { latency, requests: { total: 3_000_000 }, non2xx: 1 };
  const { values } = readJson("a.json", shoot(rest));
  assert.deepEqual(
    Object.values(values).map(({ value }) => value),
    [3_000_000, 0.001, 0, 1.001, 2.5, 0.3],
  );
});

test("k6 and autocannon with absurd numbers or without the main ones are refused", () => {
  const table: readonly (readonly [code: string, says: RegExp, json: unknown])[] = [
    ["report-bad-shape", /metrics\.http_reqs: expected/u, k6({ http_req_duration: {} })],
    ["report-bad-shape", /metrics\.http_req_duration: /u, k6({ http_reqs: { count: 1 } })],
    ["report-bad-number", /http_reqs\.count: .*found -1/u, k6({ http_reqs: { count: -1 } })],
    ["report-bad-number", /http_reqs\.count: .*found 1e\+99/u, k6({ http_reqs: { count: 1e99 } })],
    ["report-bad-number", /whole number, found 1\.5/u, k6({ http_reqs: { count: 1.5 } })],
    [
      "report-bad-number",
      /http_req_failed\.rate: expected a number from 0 to 1, found 7/u,
      k6({ http_reqs: { count: 1 }, http_req_duration: {}, http_req_failed: { rate: 7 } }),
    ],
    ["report-bad-number", /latency\.p99: .*found -3/u, shoot({ latency: { p99: -3 } })],
    ["report-bad-number", /requests\.total: .*found "9"/u, shoot({ requests: { total: "9" } })],
  ];
  for (const [expected, says, json] of table) {
    const refusal = refusalOf(() => readJson("a.json", json));
    assert.equal(refusal.code, expected, refusal.message);
    assert.match(refusal.message, says);
  }
});

test("a number too large for any computer is refused where it stands", () => {
  const text = '{ "metrics": { "http_reqs": { "count": 1e999 } } }';
  assert.match(refusalOf(() => readText("a.json", text)).message, /http_reqs\.count: expected/u);
});

test("provenance needs a statement of it, a builder and the digest of what was built", () => {
  const table: Readonly<Record<string, unknown>> = {
    "another predicate": statement({ predicateType: "https://spdx.dev/Document" }),
    "another statement": statement({ _type: "https://example.com/Statement" }),
    "no builder": statement({ predicate: { runDetails: { builder: { id: "" } } } }),
    "no predicate": statement({ predicate: null }),
    "no subject": statement({ subject: [] }),
    "a subject without a digest": statement({ subject: [{ name: "a" }] }),
    "half a digest": statement({ subject: [{ digest: { sha256: "abc" } }] }),
    "an envelope without signatures": envelope({ signatures: [] }),
    "an envelope of something else": envelope({ payloadType: "text/plain" }),
    "an envelope that is no base64": envelope({ payload: "{}" }),
    "an envelope of nothing": envelope({ payload: "e30=" }),
  };
  for (const [what, json] of Object.entries(table)) {
    assert.equal(code(() => readJson("a.json", json)), "report-bad-shape", what);
  }
});

test("what is within an envelope is read as strictly as a file", () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const read = (inner: Uint8Array) => (): unknown =>
    readJson("a.json", envelope({ payload: Buffer.from(inner).toString("base64") }));
  assert.equal(code(read(text("[".repeat(1_000)))), "report-too-deep");
  assert.equal(code(read(text("{"))), "report-truncated");
  assert.equal(code(read(Uint8Array.of(0xff))), "report-not-utf8");
  assert.match(refusalOf(read(text("{"))).message, /^a\.json payload:1: /u);
});

test("the plain form takes the units of conditions and each name once", () => {
  const table: readonly (readonly [code: string, says: RegExp, text: string])[] = [
    ["report-bad-number", /^a\.txt:2: coverage is a share.*write 83%/u, "# a\ncoverage: 83"],
    ["report-bad-number", /at most 100%/u, "coverage: 101%"],
    ["report-bad-number", /found "-1%"/u, "coverage: -1%"],
    ["report-bad-number", /found "NaN"/u, "defects: NaN"],
    ["report-bad-number", /found "1e9"/u, "defects: 1e9"],
    ["report-bad-number", /too large/u, "defects: 9999999999"],
    ["report-bad-number", /unknown unit "h"/u, "startUp: 3h"],
    ["report-bad-shape", /^a\.txt:2: expected each name once/u, "a: 1\na: 2"],
    ["report-bad-shape", /the name of a value, found "__proto__"/u, "__proto__: 1"],
    ["report-unknown", /expected name: value, found "hello there"/u, "hello there"],
    ["report-empty", /at least one value/u, "# nothing\n"],
  ];
  for (const [expected, says, text] of table) {
    const refusal = refusalOf(() => readText("a.txt", text));
    assert.equal(refusal.code, expected, text);
    assert.match(refusal.message, says);
  }
});

test("a flat object is refused where a line would be", () => {
  const read = (json: unknown) => (): unknown => readJson("a.json", json);
  assert.equal(code(read({ coverage: 83 })), "report-bad-number");
  assert.equal(code(read({ "my coverage": "83%" })), "report-bad-shape");
  assert.equal(code(read({})), "report-empty");
  assert.equal(code(read({ coverage: "83%", nested: {} })), "report-unknown");
  assert.equal(code(read({ defects: -1 })), "report-bad-number");
  assert.equal(code(() => readText("a.json", '{ "__proto__": 1 }')), "report-bad-shape");
});

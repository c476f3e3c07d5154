// What people say of more than one run, over HTTP: who, what, from when until when; and what is
// refused because it is a slip of the pen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";

const HOUR = 3_600_000;
const FREEZE = {
  service: "hello",
  environment: "production",
  reason: "sale",
  from: null,
  until: NOW + HOUR,
};
const DELEGATE = { to: "erin", reason: "holiday", from: null, until: NOW + HOUR };

const post = async (url: string, payload: object) => {
  await using api = await sampleApi();
  const answer = await api.send({ method: "POST", url, payload });
  return { ...answer, asked: api.asked };
};

test("a freeze is asked for as it was said, and told with its number", async () => {
  const { status, json, asked } = await post("/v1/freezes", FREEZE);
  assert.equal(status, 200);
  assert.deepEqual(asked, [{ what: "freeze", with: { ...FREEZE, by: "alice" } }]);
  const { at: _, ...view } = json as { at: number };
  assert.deepEqual(view, { ...FREEZE, id: 1, by: "alice", from: NOW, ended: null });
});

test("freezes and reviews are listed each by themselves, and ended by their number", async () => {
  await using api = await sampleApi();
  const send = (url: string, payload: object) => api.send({ method: "POST", url, payload });
  await send("/v1/freezes", { ...FREEZE, service: null, environment: null, until: null });
  await send("/v1/delegations", DELEGATE);
  const list = await api.send({ url: "/v1/freezes" });
  assert.equal((list.json as { freezes: unknown[] }).freezes.length, 1);
  const none = await api.send({ url: "/v1/reviews" });
  assert.deepEqual(none.json, { reviews: [] });
  const ended = await send("/v1/freezes/1/end", { reason: "it is over" });
  assert.deepEqual((ended.json as { ended: object }).ended, {
    by: "alice",
    at: NOW,
    reason: "it is over",
  });
  const unknown = await send("/v1/freezes/99/end", { reason: "it is over" });
  assert.deepEqual([unknown.status, unknown.problem.code], [404, "unknown-freeze"]);
});

test("a waiver and a delegation are taken back by their number, a freeze is not", async () => {
  await using api = await sampleApi();
  const send = (url: string, payload: object) => api.send({ method: "POST", url, payload });
  const what = async (seq: number) => {
    const { json, problem } = await send(`/v1/standing/${seq}/withdrawal`, { reason: "in error" });
    return (json as { what?: string }).what ?? problem.code;
  };
  await send("/v1/delegations", DELEGATE);
  await send("/v1/freezes", FREEZE);
  const waiver = { what: "CVE-1", reason: "x", owner: "carol", until: NOW + HOUR };
  await send("/v1/releases/hello@1.0.0/waivers", waiver);
  assert.equal(await what(1), "erin for alice");
  assert.equal(await what(2), "unknown-standing");
  assert.equal(await what(3), "CVE-1 in hello@1.0.0");
  const list = await api.send({ url: "/v1/delegations" });
  assert.deepEqual(list.json, {
    delegations: [{ ...DELEGATE, id: 1, by: "alice", from: NOW }],
  });
});

const SLIPS: readonly (readonly [string, string, object, number, string])[] = [
  ["an unknown service", "/v1/freezes", { ...FREEZE, service: "helo" }, 404, "unknown-service"],
  ["an unknown tier", "/v1/freezes", { ...FREEZE, environment: "x" }, 404, "unknown-environment"],
  ["an end that is past", "/v1/freezes", { ...FREEZE, until: NOW - 1 }, 400, "bad-request"],
  [
    "an end before the beginning",
    "/v1/freezes",
    { ...FREEZE, from: NOW + 2 * HOUR },
    400,
    "bad-request",
  ],
  ["no reason", "/v1/freezes", { ...FREEZE, reason: " " }, 400, "bad-request"],
  ["a moment that is a text", "/v1/freezes", { ...FREEZE, until: "soon" }, 400, "bad-request"],
  ["a moment out of all time", "/v1/freezes", { ...FREEZE, until: 1e300 }, 400, "bad-request"],
  ["oneself as stand-in", "/v1/delegations", { ...DELEGATE, to: "alice" }, 400, "bad-request"],
  ["the machine as stand-in", "/v1/delegations", { ...DELEGATE, to: "sluice" }, 400, "bad-request"],
  ["no end of an absence", "/v1/delegations", { ...DELEGATE, until: null }, 400, "bad-request"],
  ["a number that is none", "/v1/freezes/first/end", { reason: "x" }, 400, "bad-request"],
  ["a review without a word", "/v1/reviews/1/done", { text: " " }, 400, "bad-request"],
];

for (const [what, url, payload, status, code] of SLIPS) {
  test(`${what} is refused, and nothing is said`, async () => {
    const answer = await post(url, payload);
    assert.deepEqual([answer.status, answer.problem.code], [status, code]);
    assert.deepEqual(answer.asked, []);
  });
}

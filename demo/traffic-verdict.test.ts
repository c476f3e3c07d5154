// Whose fault a reply is, case by case.

import assert from "node:assert/strict";
import { test } from "node:test";

import { verdictOn } from "./traffic-verdict.ts";
import type { Verdict } from "./traffic-verdict.ts";

const CASES: readonly (readonly [number, boolean, number, Verdict])[] = [
  [200, false, 10, "ok"],
  [204, false, 0, "ok"],
  [302, false, 0, "ok"],
  [404, false, 10, "badResponse"],
  [500, false, 10, "badResponse"],
  [500, false, 0, "badResponse"],
  [503, false, 10, "badResponse"],
  [502, true, 10, "failedByControlPlane"],
  [503, true, 10, "failedByControlPlane"],
  [504, true, 0, "failedByControlPlane"],
  [502, false, 0, "failedByControlPlane"],
  [503, false, 0, "failedByControlPlane"],
];

for (const [status, fromRouter, bodyBytes, verdict] of CASES) {
  const mark = fromRouter ? "with" : "without";
  test(`${status} ${mark} the router's mark and ${bodyBytes} bytes is ${verdict}`, () => {
    assert.equal(verdictOn({ kind: "answered", status, fromRouter, bodyBytes }), verdict);
  });
}

test("no answer is the control plane's failure, whatever the reason", () => {
  assert.equal(verdictOn({ kind: "lost", why: "reset" }), "failedByControlPlane");
});

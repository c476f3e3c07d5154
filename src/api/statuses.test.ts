// One status for each code, by rules that a reader can hold in mind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOf } from "./statuses.ts";

const CASES: readonly (readonly [string, "definitions" | "anything", number])[] = [
  ["unknown-service", "anything", 404],
  ["unknown-lane", "anything", 404],
  ["unknown-key", "anything", 409],
  ["unknown-service", "definitions", 422],
  ["unknown-key", "definitions", 422],
  ["definitions-changed", "definitions", 409],
  ["denied-author", "anything", 403],
  ["artifact-not-found", "anything", 422],
  ["bad-version", "anything", 422],
  ["report-too-deep", "anything", 422],
  ["not-verified", "anything", 409],
  ["bad-token", "definitions", 401],
  ["too-large", "definitions", 413],
  ["database-away", "anything", 503],
];

for (const [code, about, status] of CASES) {
  test(`${code} about ${about} is ${status}`, () => assert.equal(statusOf(code, about), status));
}

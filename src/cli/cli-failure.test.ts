// What a refused part ends a command with.

import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf } from "./cli-failure.ts";

/** As the parts that main.ts hands in throw it. */
const refusal = (code: string, where?: string): Error =>
  Object.assign(new Error(code), { name: "Refusal", bodies: [{ code, message: code, where }] });

test("a wrong name in a definition is bad input, in the command it is not there", () => {
  const where = "hello.yaml:14 environments.produktion";
  assert.equal(failureOf(refusal("unknown-environment", where)).exit, 2);
  assert.equal(failureOf(refusal("unknown-playbook", where)).exit, 2);
  assert.equal(failureOf(refusal("unknown-environment")).exit, 3);
  assert.equal(failureOf(refusal("unknown-lane", "hello.production")).exit, 3);
});

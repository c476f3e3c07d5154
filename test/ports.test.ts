// The ports that tests take are such that their own requests get to them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { freePorts } from "./e2e/ports.ts";

test("a port that fetch refuses is passed over", async () => {
  const offered = [10_080, 10_081, 10_080, 10_082];
  const ports = await freePorts(1, () => offered.shift() ?? 10_083);
  assert.ok(!ports.includes(10_080), `${ports.join(", ")}`);
  const error = await fetch("http://127.0.0.1:10080").catch((thrown: unknown) => thrown);
  assert.match(String((error as Error).cause), /bad port/u);
});

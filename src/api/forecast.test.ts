// A plan's gates as a run of it would find them now: by what stands, by who asks, and by when
// calendars open, not by when one particular run would have its turn.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../core/ids.ts";
import type { GateRule } from "../core/admission/rule.ts";
import type { Step } from "../core/step.ts";
import type { Forecast } from "./contract/orders.ts";
import { unspread } from "./forecast.ts";
import { samplePlan } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import { said } from "./sample-standing.testing.ts";

const PLAN = { service: "hello", environment: "production", release: "hello@1.1.0" };

const forecast = async (by = "mallory", frozen = false) => {
  await using api = await sampleApi();
  if (frozen) api.standing.push(said({ kind: "freeze", reason: "sale" }, { by: "dave" as Actor }));
  const headers = { "sluice-actor": by };
  const { json } = await api.send({ method: "POST", url: "/v1/plans", payload: PLAN, headers });
  return json as Forecast;
};

test("every gate of the plan is told as it would be answered now", async () => {
  const { gates, against } = await forecast();
  assert.equal(against, null);
  assert.deepEqual(
    gates.map(({ step, state, answer }) => [step, state, answer]),
    [["entry", "ahead", "wait"]],
  );
  assert.equal(gates[0]?.rules[0]?.answer, "allow");
  assert.equal((await forecast("mallory", true)).gates[0]?.rules[0]?.answer, "wait");
});

test("whoever would begin it is not among those who would approve it", async () => {
  const openFor = async (by: string) => {
    const rule = (await forecast(by)).gates[0]?.rules.find(({ kind }) => kind === "approval");
    return rule?.kind === "approval" ? rule.open : [];
  };
  assert.deepEqual(await openFor("mallory"), ["alice", "bob", "carol"]);
  assert.deepEqual(await openFor("bob"), ["alice", "carol"]);
});

test("a calendar that spreads its runs is told by its opening", () => {
  const spread = (step: Step | undefined): readonly number[] =>
    step?.kind === "gate"
      ? step.rules.flatMap((rule: GateRule) =>
          rule.kind === "window" ? [rule.calendar.spreadMs] : [],
        )
      : [];
  const [gate] = samplePlan.steps;
  assert.ok(gate?.kind === "gate");
  const rules = gate.rules.map((rule) =>
    rule.kind === "window" ? { ...rule, calendar: { ...rule.calendar, spreadMs: 600_000 } } : rule,
  );
  assert.deepEqual(spread({ ...gate, rules }), [600_000]);
  assert.deepEqual(spread(unspread({ ...gate, rules })), [0]);
});

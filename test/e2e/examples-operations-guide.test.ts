// examples/operations-guide, as its readers run it: its three ways to deploy, each with the release
// that it takes and one that it sends back.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { Traffic } from "../../demo/traffic.ts";
import { addReport, as, newRelease, openExample, stepsDone, trafficOn } from "./example.ts";
import type { AppBehaviour, Example } from "./example.ts";
import { carried, passes, settles, underWay } from "./example-people.ts";
import { assertServes } from "./steering.ts";

const SERVICE = "myapp";
const DEVELOPMENT = { service: SERVICE, environment: "development" };
const STAGING = { service: SERVICE, environment: "staging" };
const PRODUCTION = { service: SERVICE, environment: "production" };
const A_LITTLE = 20;
/** In production, where a share of 10 % has to be enough to judge by. */
const REQUESTS_PER_SECOND = 80;

const REPORT = {
  unitTests: "100%",
  integrationTests: "100%",
  e2eTests: "100%",
  criticalVulnerabilities: "0",
  performanceP95: "120ms",
};

interface Bad {
  readonly version: string;
  readonly behaviour: Partial<AppBehaviour>;
  readonly trigger: RegExp;
  /** In thousandths; 0: it had not yet been given any traffic to go back from. */
  readonly weight: number;
}

const BAD: readonly Bad[] = [
  { version: "1.2.0", behaviour: { errorShare: 0.5 }, trigger: /^errorRate > 1%$/, weight: 100 },
  {
    version: "1.3.0",
    behaviour: { latencyMs: 1_500 },
    trigger: /^p95 > 1000ms for 2s$/,
    weight: 100,
  },
  {
    version: "1.4.0",
    behaviour: { failing: ["/health/database"] },
    trigger: /verify .*\/health\/database/,
    weight: 0,
  },
];

const ALERTS = [
  { version: "1.6.0", named: "checkout-broken", severity: "critical", trigger: "alert critical" },
  {
    version: "1.7.0",
    named: "highResponseTime",
    severity: "warning",
    trigger: "alert HighResponseTime",
  },
] as const;
const MISTYPED = /but no trigger of this run speaks of it: there is alert critical, alert High/u;

describe("examples/operations-guide", () => {
  let example: Example;
  const traffics: Traffic[] = [];

  before(async () => {
    example = await openExample({ folder: "operations-guide", service: SERVICE });
  });
  after(async () => {
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    assert.deepEqual(await example.plane.close(), []);
  });

  const reported = async (
    version: string,
    behaviour: Partial<AppBehaviour> = {},
  ): Promise<string> => {
    const id = await newRelease(example, version, behaviour);
    await addReport(example, id, REPORT);
    return id;
  };
  const tested = (id: string): Promise<void> => passes(example, ["development", "staging"], id);
  const promoted = async (id: string): Promise<void> => {
    const version = id.slice(id.indexOf("@") + 1);
    await as(example, "otto", "promote", SERVICE, "production", version);
  };

  test("takes the first release through all three environments", async () => {
    const id = await reported("1.0.0");
    traffics.push(await trafficOn(example, "development", A_LITTLE));
    await tested(id);
    await promoted(id);
    const serving = trafficOn(example, "production", REQUESTS_PER_SECOND);
    await passes(example, ["production"], id);
    traffics.push(await serving);
    for (const lane of [DEVELOPMENT, STAGING, PRODUCTION]) {
      await assertServes(example.plane, lane, id);
    }
  });

  test("rolls, switches and raises the next one, and goes back at one command", async () => {
    const id = await reported("1.1.0");
    await tested(id);
    await promoted(id);
    const run = await settles(example, "production", id);
    assert.equal(run.outcome, "succeeded");
    const shifts = ["shift-10", "shift-25", "shift-50", "shift-100"];
    assert.deepEqual(stepsDone(run, "shift"), shifts);
    await as(example, "olga", "rollback", SERVICE, "production", "--now");
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    const answers = traffics.map((traffic) => traffic.stats());
    assert.deepEqual(
      answers.map(({ failedByControlPlane }) => failedByControlPlane),
      [0, 0],
    );
  });

  test("replaces a rolling release that fails by the one before, in place", async () => {
    const id = await newRelease(example, "1.1.1", { errorShare: 0.5 });
    const run = await settles(example, "development", id);
    assert.deepEqual([run.outcome, run.breach?.trigger], ["rolledBack", "errorRate > 1% for 2s"]);
    await assertServes(example.plane, DEVELOPMENT, `${SERVICE}@1.1.0`);
  });

  test("switches back where the instances stop to answer for themselves", async () => {
    traffics.push(await trafficOn(example, "staging", A_LITTLE));
    const failing = { failing: ["/health"], failingAfterRequests: 5, onlyIn: "staging" };
    const run = await settles(example, "staging", await reported("1.1.2", failing));
    const trigger = "healthCheckFailures > 50% for 1s";
    assert.deepEqual([run.outcome, run.breach?.trigger], ["rolledBack", trigger]);
    await assertServes(example.plane, STAGING, `${SERVICE}@1.1.0`);
  });

  test("switches back where a test on the running system fails", async () => {
    const id = await reported("1.1.3", { failing: ["/checkout"], onlyIn: "staging" });
    const run = await settles(example, "staging", id);
    assert.equal(run.outcome, "failed");
    assert.match(run.breach?.trigger ?? "", /e2e-tests/);
    await assertServes(example.plane, STAGING, `${SERVICE}@1.1.0`);
  });

  test("goes back from each kind of bad release in production", async () => {
    const ids: string[] = [];
    for (const { version, behaviour } of BAD) {
      ids.push(await reported(version, { ...behaviour, onlyIn: "production" }));
    }
    const ready = ids.map((id) => underWay(tested(id)));
    for (const [index, { trigger, weight }] of BAD.entries()) {
      const id = ids[index] ?? "";
      await ready[index]?.();
      await promoted(id);
      const run = await settles(example, "production", id);
      assert.equal(run.outcome, weight === 0 ? "failed" : "rolledBack", id);
      assert.match(run.breach?.trigger ?? "", trigger);
      assert.equal(run.breach?.weight, weight, id);
      await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    }
  });

  for (const { version, named, severity, trigger } of ALERTS) {
    test(`goes back at an alert, wherever it comes from: ${trigger}`, async () => {
      const id = await reported(version);
      await tested(id);
      await promoted(id);
      await carried(example, {
        environment: "production",
        release: id,
        what: "at its first share",
        look: ({ weight }) => weight === 100,
      });
      const says = async (name: string): Promise<string> =>
        await as(example, "otto", "alert", `${SERVICE}.production`, name, "--severity", severity);
      if (severity === "warning") assert.match(await says("HighReplyTime"), MISTYPED);
      assert.doesNotMatch(await says(named), MISTYPED);
      const run = await settles(example, "production", id);
      assert.deepEqual([run.outcome, run.breach?.trigger], ["rolledBack", trigger]);
      await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    });
  }
});

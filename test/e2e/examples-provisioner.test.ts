// examples/provisioner, as its readers run it: four tiers with people between them, a change
// record, blue-green with a baseline from before, and what sends a release back.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { Traffic } from "../../demo/traffic.ts";
import { openCalendar } from "./example-calendars.ts";
import { carried, passes, settles, underWay } from "./example-people.ts";
import { addReport, as, newRelease, openExample, trafficOn } from "./example.ts";
import type { AppBehaviour, Example } from "./example.ts";
import { assertServes } from "./steering.ts";

const SERVICE = "provisioner";
const PRODUCTION = { service: SERVICE, environment: "production" };
const STANDBY = { service: SERVICE, environment: "disaster-recovery" };
const REQUESTS_PER_SECOND = 40;
/** Of every good answer: what a busy machine adds must not double it. */
const LATENCY_MS = 60;

const REPORT = { unitTests: "100%", integrationTests: "100%", criticalVulnerabilities: "0" };

interface Bad {
  readonly version: string;
  readonly outcome: "rolledBack" | "failed";
  readonly behaviour: Partial<AppBehaviour>;
  readonly trigger: RegExp;
}

const BAD: readonly Bad[] = [
  {
    version: "1.2.0",
    outcome: "rolledBack",
    behaviour: { errorShare: 0.5 },
    trigger: /^errorRate > 5% for 2s$/,
  },
  {
    version: "1.3.0",
    outcome: "rolledBack",
    behaviour: { latencyMs: 600 },
    trigger: /^p95 > 2x baseline for 4s$/,
  },
  {
    version: "1.4.0",
    outcome: "failed",
    behaviour: { failing: ["/ready"] },
    trigger: /not ready within 12 s/,
  },
  {
    version: "1.5.0",
    outcome: "rolledBack",
    behaviour: { failing: ["/ready"], failingAfterRequests: 5 },
    trigger: /^healthCheckFailures > 50% for 2s$/,
  },
];

describe("examples/provisioner", () => {
  let example: Example;
  let traffic: Traffic;

  before(async () => {
    const instead = { "calendars.yaml": openCalendar("quiet-database") };
    example = await openExample({ folder: "provisioner", service: SERVICE, instead });
  });
  after(async () => {
    await traffic?.stop();
    assert.deepEqual(await example.plane.close(), []);
  });

  const promoted = async (version: string, environment: string): Promise<void> => {
    await as(example, "oona", "promote", SERVICE, environment, version);
  };
  const made = async (version: string, behaviour: Partial<AppBehaviour>): Promise<string> => {
    const id = await newRelease(example, version, { latencyMs: LATENCY_MS, ...behaviour });
    await addReport(example, id, REPORT);
    await as(example, "oona", "change", id, `CHG-${version}`, "--state", "approved");
    return id;
  };
  const versionOf = (id: string): string => id.slice(id.indexOf("@") + 1);
  const tried = async (id: string): Promise<void> => {
    await passes(example, ["development"], id);
    await promoted(versionOf(id), "staging");
  };
  /** Promoted to staging, and from there to production. */
  const sent = async (id: string): Promise<void> => {
    await tried(id);
    await passes(example, ["staging"], id);
    await promoted(versionOf(id), "production");
  };
  /** Several at once, which reach each lane in their order: whoever was first would wait for people
   * who are with another. */
  const sentInOrder = async (ids: readonly string[]): Promise<readonly (() => Promise<void>)[]> => {
    for (const id of ids) await tried(id);
    let turn = Promise.resolve();
    return ids.map((id) => {
      const before = turn;
      turn = passes(example, ["staging"], id).then(async () => {
        await before;
        await promoted(versionOf(id), "production");
      });
      return underWay(turn);
    });
  };

  test("takes the first release through all four tiers", async () => {
    const id = await made("1.0.0", {});
    await sent(id);
    const serving = trafficOn(example, "production", REQUESTS_PER_SECOND);
    await passes(example, ["production"], id);
    traffic = await serving;
    await passes(example, ["disaster-recovery"], id);
    await assertServes(example.plane, STANDBY, id);
  });

  test("switches to the next one, and back at one command", async () => {
    const id = await made("1.1.0", {});
    await sent(id);
    const run = await settles(example, "production", id);
    assert.equal(run.outcome, "succeeded");
    assert.equal(run.approvals.length, 2);
    await as(example, "iris", "rollback", SERVICE, "production", "--now");
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    assert.equal(traffic.stats().failedByControlPlane, 0);
  });

  test("goes back from each kind of bad release, and at a critical alert", async () => {
    const ids: string[] = [];
    for (const { version, behaviour } of BAD) {
      ids.push(await made(version, { ...behaviour, onlyIn: "production" }));
    }
    ids.push(await made("1.6.0", {}));
    const queued = await sentInOrder(ids);
    for (const [index, { outcome, trigger }] of BAD.entries()) {
      await queued[index]?.();
      const run = await settles(example, "production", ids[index] ?? "");
      assert.equal(run.outcome, outcome, run.release);
      assert.match(run.breach?.trigger ?? "", trigger);
    }
    await queued.at(-1)?.();
    await alerted(ids.at(-1) ?? "");
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
  });

  const alerted = async (release: string): Promise<void> => {
    await carried(example, {
      environment: "production",
      release,
      what: "at all traffic",
      look: ({ weight }) => weight === 1_000,
    });
    const alert = ["alert", `${SERVICE}.production`, "data-loss", "--severity", "critical"];
    await as(example, "ivan", ...alert);
    const run = await settles(example, "production", release);
    assert.deepEqual([run.outcome, run.breach?.trigger], ["rolledBack", "alert critical"]);
  };
});

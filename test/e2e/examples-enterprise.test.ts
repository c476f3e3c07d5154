// examples/enterprise, as its readers run it: the good release through every gate, back by hand in
// two tiers, and one bad release for each of its five triggers.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { Traffic } from "../../demo/traffic.ts";
import type { RunView } from "../../src/api/contract/runs.ts";
import { as, journalOf, layersOf, newRelease, openExample, stepsDone } from "./example.ts";
import { trafficOn } from "./example.ts";
import type { AppBehaviour, Example } from "./example.ts";
import { carried, passes, settles, underWay } from "./example-people.ts";
import { writeReports } from "./example-reports.ts";
import { assertAuditVerifies, assertServes } from "./steering.ts";
import { until } from "./waiting.ts";

const SERVICE = "pixelated-empathy";
const PRODUCTION = { service: SERVICE, environment: "production" };
/** A share of 5 % has to be enough to judge by. */
const REQUESTS_PER_SECOND = 150;
const UNDO_MS = 10_000;

interface Bad {
  readonly version: string;
  readonly behaviour: Partial<AppBehaviour>;
  readonly trigger: string;
}

/** They pass every test of staging: what is wrong shows only where their users are. */
const BAD: readonly Bad[] = [
  { version: "1.2.0", behaviour: { errorShare: 0.5 }, trigger: "errorRate > 1% for 2s" },
  { version: "1.3.0", behaviour: { latencyMs: 900 }, trigger: "p95 > 500ms for 2s" },
  { version: "1.4.0", behaviour: { cpuShare: 0.5 }, trigger: "cpu > 90% for 3s" },
  { version: "1.5.0", behaviour: { memoryMi: 230 }, trigger: "memory > 95% for 2s" },
  {
    version: "1.6.0",
    behaviour: { failing: ["/health"], failingAfterRequests: 5 },
    trigger: "healthCheckFailures > 50% for 2s",
  },
];

describe("examples/enterprise", () => {
  let example: Example;
  let traffic: Traffic;

  before(async () => {
    example = await openExample({ folder: "enterprise", service: SERVICE });
  });
  after(async () => {
    await traffic?.stop();
    assert.deepEqual(await example.plane.close(), []);
  });

  /** With all reports and its change record. */
  const reported = async (version: string, behaviour: Partial<AppBehaviour>): Promise<string> => {
    const id = await newRelease(example, version, behaviour);
    const files = await writeReports(join(example.plane.folder, "reports"));
    await as(example, "ada", "evidence", "add", id, ...files);
    await as(example, "rita", "change", id, `CHG-${version}`, "--state", "approved");
    return id;
  };
  const outside = (name: string): Promise<readonly string[]> =>
    layersOf(example, "production", name);
  const rolledBack = (...args: readonly string[]): Promise<string> =>
    as(example, "omar", "rollback", SERVICE, "production", ...args);

  test("takes the first release through all three environments", async () => {
    const id = await newRelease(example, "1.0.0");
    await passes(example, ["development"], id);
    await carried(example, {
      environment: "staging",
      release: id,
      what: "waiting for its reports",
      look: ({ asks }) => asks.some(({ kind }) => kind === "evidence"),
    });
    const why = await as(example, "dana", "why", `${SERVICE}.staging`);
    assert.match(why, /coverage is in no report, needs > 80%/);
    const files = await writeReports(join(example.plane.folder, "reports"));
    await as(example, "ada", "evidence", "add", id, ...files);
    await passes(example, ["staging"], id);

    const asked = await carried(example, {
      environment: "production",
      release: id,
      what: "asking for its change record",
      look: ({ asks }) => asks.length > 0 && asks.every(({ kind }) => kind === "change"),
    });
    assert.deepEqual(new Set(asked.approvals.map(({ by }) => by)), new Set(["rita", "rafael"]));
    await as(example, "rita", "change", id, "CHG-1", "--state", "approved");
    const serving = trafficOn(example, "production", REQUESTS_PER_SECOND);
    const run = await settles(example, "production", id);
    traffic = await serving;
    assert.equal(run.outcome, "succeeded");
    await assertServes(example.plane, PRODUCTION, id);
    assert.deepEqual([await outside("schema"), await outside("dns")], [["1.0.0"], ["1.0.0"]]);
  });

  test("raises the next one in four steps, and goes back at one command", async () => {
    const id = await reported("1.1.0", {});
    await passes(example, ["development", "staging"], id);
    const run = await settles(example, "production", id);
    assert.equal(run.outcome, "succeeded");
    const shifts = ["shift-5", "shift-25", "shift-50", "shift-100"];
    assert.deepEqual(stepsDone(run, "shift"), shifts);
    assert.deepEqual(await outside("dns"), ["1.0.0", "1.1.0"]);

    await rolledBack("--now", "--reason", "checkout looks wrong");
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    assert.deepEqual(await outside("dns"), ["1.0.0"], "every rollback takes DNS back");
    assert.deepEqual(await outside("schema"), ["1.0.0", "1.1.0"], "only a further tier the schema");
  });

  test("goes back by itself from each kind of bad release", async () => {
    const ids: string[] = [];
    for (const { version, behaviour } of BAD) {
      ids.push(await reported(version, { ...behaviour, onlyIn: "production" }));
    }
    const tested = ids.map((id) => underWay(passes(example, ["development", "staging"], id)));
    for (const [index, { trigger }] of BAD.entries()) {
      const id = ids[index] ?? "";
      await tested[index]?.();
      // The last one has no instance left that may be asked, which its users see.
      if (index === BAD.length - 1) assert.equal(traffic.stats().failedByControlPlane, 0);
      const run = await settles(example, "production", id);
      assertCaught(run, trigger);
      await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    }
    // Its migration stays as it is, and is taken back too where somebody says so.
    await rolledBack("--to", "1.0.0", "--tier", "gradual", "--reason", "the schema too");
    await until("the schema is taken back too", UNDO_MS, async () => {
      const last = (await journalOf(example, "production")).at(-1);
      return last?.startsWith("1.6.0: schema is 1.0.0, ") === true ? true : null;
    });
    await assertAuditVerifies(example.plane);
  });
});

const assertCaught = (run: RunView, trigger: string): void => {
  const found = [run.outcome, run.breach?.trigger, run.breach?.weight];
  assert.deepEqual(found, ["rolledBack", trigger, 50], `${run.release}: caught at 5 %`);
};

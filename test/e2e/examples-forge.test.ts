// examples/forge, as its readers run it: three phases of checklists, approvals by risk, a
// window, and steps that are taken back in three tiers, each by what the example says of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { Traffic } from "../../demo/traffic.ts";
import { closedCalendar, openCalendar } from "./example-calendars.ts";
import { passes, settles, underWay } from "./example-people.ts";
import { addReport, as, journalOf, newRelease, openExample, trafficOn } from "./example.ts";
import type { AppBehaviour, Example } from "./example.ts";
import { assertServes, ended } from "./steering.ts";
import { until } from "./waiting.ts";

const SERVICE = "forge";
const PRODUCTION = { service: SERVICE, environment: "production" };
/** A share of 10 % has to be enough to judge by. */
const REQUESTS_PER_SECOND = 80;
const UNDO_MS = 10_000;

const REPORT = {
  unitTests: "100%",
  integrationTests: "100%",
  e2eTests: "100%",
  criticalVulnerabilities: "0",
  highVulnerabilities: "0",
  performanceP95: "120ms",
  compliance: "yes",
  deploymentScriptCoverage: "96%",
  automation: "95%",
  rollbackTests: "100%",
  documentation: "100%",
};

const ROLLOUT = join(import.meta.dirname, "../../examples/forge/rollout.yaml");

/** What production does outside, in the order of its playbook. */
const FORWARD = [
  "infrastructure",
  "backup",
  "schema",
  "outside",
  "configuration",
  "flags",
  "cache",
];

/** In every tier from gradual on. */
const UNDONE = ["cache", "flags", "configuration", "outside", "schema"];

const versionOf = (id: string): string => id.slice(id.indexOf("@") + 1);

describe("examples/forge", () => {
  let example: Example;
  let traffic: Traffic;
  let second: string;
  let third: string;
  let secondTested: () => Promise<void>;
  let thirdTested: () => Promise<void>;

  before(async () => {
    const closed = closedCalendar("production-window");
    const instead = {
      "calendars.yaml": `${openCalendar("staging-window")}---\n${closed}`,
      // All on one day: nobody can wait here for tomorrow.
      "rollout.yaml": (await readFile(ROLLOUT, "utf8")).replaceAll(/day: \S+/gu, "day: 1"),
    };
    example = await openExample({ folder: "forge", service: SERVICE, instead });
  });
  after(async () => {
    await traffic?.stop();
    assert.deepEqual(await example.plane.close(), []);
  });

  const made = async (version: string, behaviour: Partial<AppBehaviour> = {}): Promise<string> => {
    const id = await newRelease(example, version, { ...behaviour, onlyIn: "production" });
    await addReport(example, id, REPORT);
    return id;
  };
  /** Through development and staging. */
  const tested = async (id: string): Promise<void> => {
    await passes(example, ["development"], id);
    await as(example, "olaf", "promote", SERVICE, "staging", versionOf(id));
    await passes(example, ["staging"], id);
  };
  /** Begun in production past the window. */
  const begun = async (id: string): Promise<void> => {
    const emergency = ["--emergency", "--reason", "the window is on Monday"];
    await as(example, "olaf", "deploy", SERVICE, "production", versionOf(id), ...emergency);
  };
  /** Names of what was changed outside since, in order. */
  const changes = async (since: number): Promise<readonly string[]> =>
    (await journalOf(example, "production"))
      .slice(since)
      .map((line) => /: ([a-z]+) is/.exec(line)?.[1] ?? line);
  const soFar = async (): Promise<number> => (await journalOf(example, "production")).length;

  test("takes the first release through all three phases", async () => {
    const id = await made("1.0.0");
    await tested(id);
    await begun(id);
    second = await made("1.1.0");
    third = await made("1.2.0", { errorShare: 0.5 });
    secondTested = underWay(tested(second));
    thirdTested = underWay(tested(third));
    const serving = trafficOn(example, "production", REQUESTS_PER_SECOND);
    const run = await settles(example, "production", id);
    traffic = await serving;
    assert.equal(run.outcome, "succeeded");
    assert.deepEqual(new Set(run.approvals.map(({ by }) => by)), new Set(["sina", "sven"]));
    assert.deepEqual(await changes(0), FORWARD);
  });

  test("takes back all that a release did, the last first, where full is said", async () => {
    await secondTested();
    await begun(second);
    await passes(example, ["production"], second);
    const before = await soFar();
    const full = ["rollback", SERVICE, "production", "--tier", "full", "--reason", "all of it"];
    await as(example, "oda", ...full, "--wait");
    // The second schema is restored from the backup.
    assert.deepEqual(await changes(before), [...UNDONE, "schema", "infrastructure"]);
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    assert.equal(traffic.stats().failedByControlPlane, 0);
  });

  test("goes back by shares in the second tier, and asks what serves again", async () => {
    await begun(second);
    await passes(example, ["production"], second);
    const before = await soFar();
    const gradual = ["rollback", SERVICE, "production", "--tier", "gradual", "--reason", "slowly"];
    await as(example, "oda", ...gradual, "--wait");
    assert.deepEqual(await changes(before), UNDONE);
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    const run = await ended(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
    const way = run.steps.filter(({ kind }) => kind === "shift" || kind === "verify");
    assert.deepEqual(
      way.map(({ id, state }) => `${id} ${state}`),
      ["shift-50 done", "shift-90 done", "shift-100 done", "verify done"],
    );
  });

  test("goes back by itself in the first tier, and further where somebody says so", async () => {
    const before = await soFar();
    await thirdTested();
    await begun(third);
    const run = await settles(example, "production", third);
    assert.deepEqual([run.outcome, run.breach?.trigger], ["rolledBack", "errorRate > 5% for 2s"]);
    const forward = FORWARD.slice(0, FORWARD.indexOf("flags"));
    assert.deepEqual(await changes(before), [...forward, "configuration"]);
    const first = await soFar();
    await as(example, "oda", "rollback", SERVICE, "production", "--tier", "gradual");
    await until("the second tier is done", UNDO_MS, async () =>
      (await soFar()) === first + 2 ? true : null,
    );
    assert.deepEqual(await changes(first), ["outside", "schema"]);
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.0.0`);
  });

  test("stops before any traffic where a task fails", async () => {
    const id = await newRelease(example, "1.3.0", {}, ["migrate.js"]);
    await addReport(example, id, REPORT);
    await passes(example, ["development"], id);
    await as(example, "olaf", "promote", SERVICE, "staging", "1.3.0");
    const run = await settles(example, "staging", id);
    assert.deepEqual([run.outcome, run.breach?.weight], ["failed", 0]);
    assert.match(run.breach?.trigger ?? "", /deploy-migrate|migrate/);
    const staging = { service: SERVICE, environment: "staging" };
    await assertServes(example.plane, staging, `${SERVICE}@1.2.0`);
  });
});

// examples/terrafusion, as its readers run it: a release that waits for its day, one that cannot,
// triggers relative to the baseline, migrations that are taken back, and one that is not.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { Traffic } from "../../demo/traffic.ts";
import { closedCalendar, openCalendar } from "./example-calendars.ts";
import { carried, passes, settles, underWay } from "./example-people.ts";
import { addReport, apply, as, journalOf, layersOf, newRelease, openExample } from "./example.ts";
import { stepsDone, trafficOn } from "./example.ts";
import type { AppBehaviour, Example } from "./example.ts";
import { assertServes } from "./steering.ts";

const SERVICE = "terrafusion";
const PRODUCTION = { service: SERVICE, environment: "production" };
/** A share of 10 % has to be enough to judge by. */
const REQUESTS_PER_SECOND = 60;
/** Exit codes. */
const NO = 1;
const REFUSED = 5;

const REPORT = { unitTests: "100%", integrationTests: "100%", criticalVulnerabilities: "0" };

/** A scanner looked. */
const NOTHING_FOUND = JSON.stringify({ SchemaVersion: 2, ArtifactName: "app", Results: [] });

/** A release that takes away what the one before needs: there is no `down` for it. */
const CONTRACT = `kind: Overlay
name: contract
for: { environment: production }
set:
  deploy:
    - migrate: { up: [node, migrate.js, up], phase: contract }
    - canary:
        steps: [10%, 100%]
        bake: 3s
        advance: [errorRate < 1%, p90 < 300ms]
        patience: 30s
        stability: { for: 3s, patience: 30s }
`;

describe("examples/terrafusion", () => {
  let example: Example;
  let traffic: Traffic;

  before(async () => {
    const instead = { "calendars.yaml": closedCalendar("release-days") };
    example = await openExample({ folder: "terrafusion", service: SERVICE, instead });
  });
  after(async () => {
    await traffic?.stop();
    assert.deepEqual(await example.plane.close(), []);
  });

  const made = async (version: string, behaviour: Partial<AppBehaviour> = {}): Promise<string> => {
    const id = await newRelease(example, version, { ...behaviour, onlyIn: "production" });
    await addReport(example, id, REPORT);
    const scan = join(example.plane.folder, "trivy.json");
    await writeFile(scan, NOTHING_FOUND);
    await as(example, "eva", "evidence", "add", id, scan);
    await as(example, "eva", "change", id, `CHG-${version}`, "--state", "approved");
    return id;
  };
  /** It goes on to production by itself then. */
  const tested = (id: string): Promise<void> => passes(example, ["development", "staging"], id);
  const schema = (): Promise<readonly string[]> => layersOf(example, "production", "schema");

  /** Its migration was carried out, and is no longer there. */
  const undone = async (version: string): Promise<boolean> => {
    const there = (await journalOf(example, "production")).some((line) =>
      line.startsWith(`${version}: schema is `),
    );
    assert.ok(there, `${version} never migrated`);
    return !(await schema()).includes(version);
  };

  test("waits for a release day, and passes it only as an emergency with a review", async () => {
    const id = await made("1.0.0");
    await tested(id);
    await carried(example, {
      environment: "production",
      release: id,
      what: "waiting for nothing but its day",
      look: ({ asks, because }) =>
        asks.length === 0 && because.some(({ text }) => text.includes("release-days is not open")),
    });
    const why = await example.plane.cli(["calendar", "why", SERVICE, "production"]);
    assert.equal(why.code, NO, why.stderr);
    assert.match(
      why.stdout,
      /release-days is not open.*\n[^]*in an emergency these may: nina, noah/,
    );
    const emergency = ["deploy", SERVICE, "production", "1.0.0", "--emergency"];
    const refused = await example.plane.cli([...emergency, "--reason", "at once"], "tara");
    assert.equal(refused.code, REFUSED, refused.stdout);
    assert.match(refused.stderr, /denied-emergency/);
    await as(example, "nina", ...emergency, "--reason", "customers cannot log in");
    const serving = trafficOn(example, "production", REQUESTS_PER_SECOND);
    await passes(example, ["production"], id);
    traffic = await serving;
    await assertServes(example.plane, PRODUCTION, id);
    const [review] = (await example.plane.api("reviews", {})).reviews;
    assert.equal(review?.reason, "customers cannot log in");
    await as(example, "theo", "review", String(review?.id), "--done", "right to do");
    assert.deepEqual((await example.plane.api("reviews", {})).reviews, []);
  });

  test("goes up by itself on a release day, and back with its migration", async () => {
    const calendars = join(example.definitions, "calendars.yaml");
    await writeFile(calendars, openCalendar("release-days"));
    await apply(example);
    const good = await made("1.1.0");
    const errors = await made("1.2.0", { errorShare: 0.5 });
    const slow = await made("1.3.0", { latencyMs: 400 });
    const ready = [good, errors, slow].map((id) => underWay(tested(id)));
    await ready[0]?.();
    const run = await settles(example, "production", good);
    assert.equal(run.outcome, "succeeded");
    assert.deepEqual(stepsDone(run, "shift"), ["shift-10", "shift-100"]);
    const [approval] = run.approvals;
    const watched = run.steps.findIndex(({ id }) => id === "bake-10");
    const asked = run.steps.findIndex(({ id }) => id === approval?.step);
    assert.ok(watched >= 0 && asked > watched, "approved when its first share had been watched");
    assert.deepEqual((await schema()).slice(0, 2), ["1.0.0", "1.1.0"]);

    await ready[1]?.();
    const first = await settles(example, "production", errors);
    assert.equal(first.breach?.trigger, "errorRate > baseline + 10pp for 2s");
    assert.deepEqual([first.outcome, await undone("1.2.0")], ["rolledBack", true]);
    await ready[2]?.();
    const second = await settles(example, "production", slow);
    assert.equal(second.breach?.trigger, "p90 > baseline + 100ms for 2s");
    assert.deepEqual([second.outcome, await undone("1.3.0")], ["rolledBack", true]);
    await assertServes(example.plane, PRODUCTION, good);
    assert.equal(traffic.stats().failedByControlPlane, 0);
  });

  test("holds behind a migration that cannot be taken back, until somebody says full", async () => {
    const contract = join(example.plane.folder, "contract.yaml");
    await writeFile(contract, CONTRACT);
    await apply(example, contract);
    const id = await made("1.4.0", { errorShare: 0.5 });
    await tested(id);
    const run = await carried(example, {
      environment: "production",
      release: id,
      what: "held behind its point of no return",
      look: ({ stalled, outcome }) => stalled !== null && outcome === null,
    });
    assert.equal(run.noReturn, "deploy-migrate");
    assert.equal(run.weight, 100);
    assert.match(run.stalled?.why ?? "", /errorRate.*behind deploy-migrate nothing goes back/);
    const now = await example.plane.cli(["rollback", SERVICE, "production", "--now"], "noah");
    assert.equal(now.code, REFUSED, now.stdout);
    assert.match(now.stderr, /point-of-no-return.*[\s\S]*--tier full/);
    const full = ["rollback", SERVICE, "production", "--tier", "full"];
    await as(example, "noah", ...full, "--reason", "restored by hand");
    assert.equal((await settles(example, "production", id)).outcome, "rolledBack");
    await assertServes(example.plane, PRODUCTION, `${SERVICE}@1.1.0`);
    assert.deepEqual(await undone("1.4.0"), false, "nobody can take it back but a person");
  });
});

// Releases reach their users by themselves and come back by themselves: every strategy, through the
// real command line, on real processes with real requests. The parts run beside each other, each on
// a service of its own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { Report } from "../../demo/traffic-record.ts";
import type { Traffic } from "../../demo/traffic.ts";
import type { AuditList } from "../../src/api/contract/audit.ts";
import type { RunView } from "../../src/api/contract/runs.ts";
import { canary, environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { BAD } from "./releases.ts";
import { applyDefinitions, assertAuditVerifies, assertServes, done, ended } from "./steering.ts";
import { install, laneOf, release, runOf, runWhen, settled } from "./steering.ts";
import type { LaneName } from "./steering.ts";
import { until } from "./waiting.ts";

const REQUESTS_PER_SECOND = 100;
const RATE = 30;
/** From the command to the router, where nothing has to be started. */
const INSTANT_MS = 1_000;
const STOPPED_MS = 20_000;

const WITHOUT_TRAFFIC = { when: [], within: "10s", keepFailed: "0s" };
const AT_ONCE = { advance: [], stability: "0s" };

const LENIENT = { when: ["errorRate > 10% for 5s"], keepFailed: "0s" };
/** Each has a playbook of its own name. */
const SERVICES = ["climb", "queueing", "superseding", "roll", "again", "patient", "rough"];

const DEFINITIONS = (ports: readonly number[]) => [
  environment("live"),
  playbook("climb", canary(["5%", "25%", "50%", "100%"], "1s", { keepWarm: "1m" })),
  playbook("queueing", canary(["50%", "100%"], "2s", AT_ONCE), { rollback: WITHOUT_TRAFFIC }),
  playbook("superseding", canary(["50%", "100%"], "2s", AT_ONCE), {
    rollback: WITHOUT_TRAFFIC,
    onNewer: "supersede",
  }),
  playbook("roll", { rolling: { maxSurge: 1, maxUnavailable: 0, stability: "1s" } }),
  // Its short outage is what it is written to be, so no trigger may be shorter.
  playbook("again", { recreate: { stability: "1s" } }, { rollback: LENIENT }),
  playbook(
    "patient",
    { blueGreen: { readyWithin: "3s", stability: "0s", keepWarm: "0s" } },
    { rollback: WITHOUT_TRAFFIC },
  ),
  playbook(
    "rough",
    { blueGreen: { readyWithin: "4s", stability: "0s", keepWarm: "0s" } },
    { rollback: WITHOUT_TRAFFIC },
  ),
  ...SERVICES.map((name, index) =>
    service(name, {
      live: { playbook: name, port: ports[index] ?? 0, instances: name === "roll" ? 3 : 1 },
    }),
  ),
];

describe("sluice", { concurrency: true }, () => {
  let plane: Plane;
  let ports: readonly number[];

  before(async () => {
    ports = await freePorts(SERVICES.length);
    plane = await openPlane();
    await applyDefinitions(plane, DEFINITIONS(ports));
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const laneNamed = (service: string) => ({ service, environment: "live" });
  const installed = async (name: string, rate: number): Promise<Traffic> =>
    install(plane, laneNamed(name), ports[SERVICES.indexOf(name)] ?? 0, rate);
  /** Where no traffic is needed to judge by. */
  const installedInSilence = async (name: string): Promise<void> => {
    const id = await release(plane, name, "1.0.0");
    assert.equal((await settled(plane, laneNamed(name), id)).outcome, "succeeded");
    await assertServes(plane, laneNamed(name), id);
  };
  const heldAtHalf = async (lane: LaneName, id: string): Promise<void> => {
    const { id: run } = await runWhen(plane, lane, id, "at half", ({ weight }) => weight === 500);
    const body = { reason: "until the next is there" };
    await plane.api("hold", { params: { run }, body });
  };
  /** Not one request lost by the platform. */
  const nothingLost = (report: Report): void => {
    assert.deepEqual(report.failures, []);
    assert.equal(report.failedByControlPlane, 0);
  };
  const rolledBack = async (...args: readonly string[]): Promise<RunView> => {
    const command = ["rollback", "climb", "live", ...args, "--wait", "--json"];
    return JSON.parse(done(await plane.cli(command)).stdout) as RunView;
  };

  test("takes good releases to all traffic, and comes back by hand and by itself", async () => {
    const lane = laneNamed("climb");
    const traffic = await installed("climb", REQUESTS_PER_SECOND);
    try {
      const better = await settled(plane, lane, await release(plane, "climb", "1.1.0"));
      assert.equal(better.outcome, "succeeded");
      const shifts = better.steps.filter((step) => step.kind === "shift" && step.state === "done");
      const ids = shifts.map((step) => step.id);
      assert.deepEqual(ids, ["shift-5", "shift-25", "shift-50", "shift-100"]);
      await assertServes(plane, lane, better.release);

      const warm = await rolledBack("--reason", "the old slot is still warm");
      assert.equal(warm.release, "climb@1.0.0");
      const tookMs = (warm.settledAt ?? Infinity) - warm.createdAt;
      assert.ok(tookMs < INSTANT_MS, `a rollback to a warm slot took ${tookMs} ms`);
      await assertServes(plane, lane, "climb@1.0.0");

      await ended(plane, lane, "climb@1.0.0");
      const cold = await rolledBack("--to", "1.1.0", "--reason", "nothing of it runs any more");
      assert.equal(cold.release, "climb@1.1.0");
      await assertServes(plane, lane, "climb@1.1.0");

      const bad = await settled(plane, lane, await release(plane, "climb", "1.2.0", BAD));
      assert.equal(bad.outcome, "rolledBack");
      assert.equal(bad.breach?.trigger, "errorRate > 10% for 1s");
      assert.equal(bad.breach?.weight, 50, "caught at its first share of 5 %");
      const [breach] = bad.breach?.reasons ?? [];
      assert.equal(breach?.code, "trigger-holds");
      assert.ok(Number(breach?.numbers?.["value"]) > 10, JSON.stringify(breach));
      await assertServes(plane, lane, "climb@1.1.0");
      await recorded(plane, bad);
    } finally {
      const report = await traffic.stop();
      nothingLost(report);
      assert.ok((report.byRelease["climb@1.1.0"] ?? 0) > 0);
      assert.ok(report.badResponses > 0);
    }
  });

  test("queues a newer release behind the one under way", async () => {
    const lane = laneNamed("queueing");
    await installedInSilence("queueing");
    const second = await release(plane, "queueing", "1.1.0");
    await heldAtHalf(lane, second);
    const third = await release(plane, "queueing", "1.2.0");
    assert.equal((await runWhen(plane, lane, third, "there", () => true)).phase, "queued");
    done(await plane.cli(["resume", "queueing.live"]));
    assert.equal((await settled(plane, lane, second)).outcome, "succeeded");
    const last = await settled(plane, lane, third);
    assert.equal(last.outcome, "succeeded");
    assert.equal(last.from, second, "planned anew from what became stable meanwhile");
    await assertServes(plane, lane, third);
  });

  test("lets a newer release supersede the one under way, from the stable release", async () => {
    const lane = laneNamed("superseding");
    await installedInSilence("superseding");
    const second = await release(plane, "superseding", "1.1.0");
    await heldAtHalf(lane, second);
    const third = await release(plane, "superseding", "1.2.0");
    assert.equal((await settled(plane, lane, second)).outcome, "superseded");
    const last = await settled(plane, lane, third);
    assert.deepEqual([last.outcome, last.from], ["succeeded", "superseding@1.0.0"]);
    await assertServes(plane, lane, third);
  });

  test("rolls instance by instance without a lost request, forward and back", async () => {
    const lane = laneNamed("roll");
    const traffic = await installed("roll", RATE);
    try {
      const good = await settled(plane, lane, await release(plane, "roll", "1.1.0"));
      assert.equal(good.outcome, "succeeded");
      await assertServes(plane, lane, good.release);
      const bad = await settled(plane, lane, await release(plane, "roll", "1.2.0", BAD));
      assert.equal(bad.outcome, "rolledBack");
      await assertServes(plane, lane, good.release);
      const { seen } = await laneOf(plane, lane);
      assert.ok(seen.kind === "seen" && seen.slots.blue.ready + seen.slots.green.ready === 3);
    } finally {
      nothingLost(await traffic.stop());
    }
  });

  test("recreates: the old release goes before the new one comes", async () => {
    const lane = laneNamed("again");
    const traffic = await installed("again", RATE);
    try {
      const id = await release(plane, "again", "1.1.0");
      const run = await settled(plane, lane, id);
      assert.equal(run.outcome, "succeeded", JSON.stringify(run.breach));
      await assertServes(plane, lane, id);
    } finally {
      const { byRelease, badResponses } = await traffic.stop();
      assert.ok((byRelease["again@1.0.0"] ?? 0) > 0 && (byRelease["again@1.1.0"] ?? 0) > 0);
      assert.equal(badResponses, 0);
    }
  });

  test("bears releases that crash, start slowly, or do not want to stop", async () => {
    const lane = laneNamed("rough");
    const stubborn = await release(plane, "rough", "1.0.0", { ignoresTerm: true });
    assert.equal((await settled(plane, lane, stubborn)).outcome, "succeeded");
    const crashing = { readyAfterMs: null, crashAfterMs: 100 };
    const crash = await settled(plane, lane, await release(plane, "rough", "1.1.0", crashing));
    assert.equal(crash.outcome, "failed");
    assert.match(crash.breach?.trigger ?? "", /not ready within 4 s: .*it ended, exit code 3/);
    await assertServes(plane, lane, stubborn);
    const slow = await release(plane, "rough", "1.2.0", { readyAfterMs: 2_000 });
    assert.equal((await settled(plane, lane, slow)).outcome, "succeeded");
    await ended(plane, lane, slow);
    await assertServes(plane, lane, slow);
    const { seen } = await laneOf(plane, lane);
    assert.ok(seen.kind === "seen" && seen.slots.blue.wanted + seen.slots.green.wanted === 1);
  });

  test("gives a first installation up that never gets ready, and takes the next", async () => {
    const lane = laneNamed("patient");
    const never = await release(plane, "patient", "0.9.0", { readyAfterMs: null });
    const run = await settled(plane, lane, never);
    assert.equal(run.outcome, "failed");
    assert.match(run.breach?.trigger ?? "", /not ready within 3 s/);
    await until("nothing of it is left", STOPPED_MS, async () => {
      const { seen, stable } = await laneOf(plane, lane);
      assert.equal(stable, null);
      assert.ok(seen.kind === "seen");
      const { blue, green } = seen.slots;
      return blue.wanted + green.wanted + blue.weight + green.weight === 0 ? true : null;
    });
    await installedInSilence("patient");
  });
});

/** The breach is in the lane's audit chain, and the chain verifies. */
const recorded = async (plane: Plane, run: RunView): Promise<void> => {
  const list = done(await plane.cli(["audit", "list", "climb.live", "--limit", "1000", "--json"]));
  const { records } = JSON.parse(list.stdout) as AuditList;
  const own = records.filter((record) => record.subject.includes(run.id));
  const text = JSON.stringify(own);
  assert.ok(text.includes("errorRate > 10% for 1s"), `no record tells the breach: ${text}`);
  await assertAuditVerifies(plane);
  assert.equal(await runOf(plane, { service: "climb", environment: "live" }, run.release), run.id);
};

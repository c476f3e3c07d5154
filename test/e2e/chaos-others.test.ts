// Everything but the control plane dies: instances, PostgreSQL, the router, the keeper, one of two
// replicas. Each time the release under way comes to its end by itself.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Traffic } from "../../demo/traffic.ts";
import type { EnvironmentName, ServiceName } from "../../src/core/ids.ts";
import { keeperClient } from "../../src/drivers/process/client.ts";
import type { InstanceDetail } from "../../src/drivers/process/contract.ts";
import { canary, environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { processesOf, signalTo } from "./processes.ts";
import { applyDefinitions, assertAuditVerifies, assertServes, release } from "./steering.ts";
import { install, runWhen, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const REQUESTS_PER_SECOND = 150;
const ASK_MS = 5_000;
const LANE = { service: "shop", environment: "live" };
/** PostgreSQL is away for this long. */
const CUT_MS = 10_000;
/** A router that was killed answers again within about a second. */
const ROUTER_BACK_MS = 1_500;
const BACK_MS = 15_000;

describe("a release survives", () => {
  let plane: Plane;
  let traffic: Traffic;
  let url: string;
  let version = 0;

  before(async () => {
    const [port = 0] = await freePorts(1);
    url = `http://127.0.0.1:${port}/`;
    plane = await openPlane();
    await applyDefinitions(plane, [
      environment("live"),
      // Longer than an instance that was killed is away.
      playbook("quick", canary(["50%", "100%"], "3s"), {
        rollback: { when: ["errorRate > 10% for 3s"], keepFailed: "0s" },
      }),
      service("shop", { live: { playbook: "quick", port, instances: 3 } }),
    ]);
    traffic = await install(plane, LANE, port, REQUESTS_PER_SECOND);
  });
  after(async () => {
    await traffic?.stop();
    assert.deepEqual(await plane?.close(), []);
  });

  /** Begins a release and returns once it has half of the traffic. */
  const halfway = async (): Promise<string> => {
    version += 1;
    const id = await release(plane, "shop", `1.0.${version}`);
    await runWhen(plane, LANE, id, "at half", (run) => run.weight === 500);
    return id;
  };
  const endsWell = async (id: string): Promise<void> => {
    const run = await settled(plane, LANE, id);
    assert.equal(run.outcome, "succeeded", JSON.stringify(run.breach));
    await assertServes(plane, LANE, id);
    await assertAuditVerifies(plane);
  };
  /** Requests that the platform lost while this was going on. */
  const lostDuring = async (work: () => Promise<void>): Promise<number> => {
    const lost = traffic.stats().failedByControlPlane;
    await work();
    return traffic.stats().failedByControlPlane - lost;
  };

  test("kill -9 of a stable and of a new instance: both are started again", async () => {
    const id = await halfway();
    const victims = onePerSlot(await instancesOf(plane));
    assert.equal(victims.length, 2);
    for (const { pid } of victims) signalTo(pid ?? 0, "SIGKILL");
    for (const victim of victims) {
      await until(`instance ${victim.id} runs again`, BACK_MS, async () => {
        const now = (await instancesOf(plane)).find((one) => one.id === victim.id);
        return now?.phase === "ready" && now.pid !== victim.pid ? true : null;
      });
    }
    await endsWell(id);
  });

  test("PostgreSQL frozen for ten seconds, without a lost request", async () => {
    const id = await halfway();
    const lost = await lostDuring(async () => {
      const frozen = postgresOf(plane);
      assert.ok(frozen.length > 1, "PostgreSQL has no processes");
      for (const pid of frozen) signalTo(pid, "SIGSTOP");
      await sleep(CUT_MS);
      for (const pid of frozen) signalTo(pid, "SIGCONT");
      await endsWell(id);
    });
    assert.equal(lost, 0);
  });

  test("kill -9 of PostgreSQL, which comes back, without a lost request", async () => {
    const id = await halfway();
    const lost = await lostDuring(async () => {
      const killed = postmasterOf(plane);
      signalTo(killed, "SIGKILL");
      await until("PostgreSQL runs again", BACK_MS, () =>
        postmasterOf(plane) === killed ? null : true,
      );
      await endsWell(id);
    });
    assert.equal(lost, 0);
  });

  test("kill -9 of the router, which comes back with its routes", async (t) => {
    const id = await halfway();
    const { router } = await keeperClient(plane.layout).info(AbortSignal.timeout(ASK_MS));
    signalTo(router.pid ?? 0, "SIGKILL");
    const killedAt = performance.now();
    await until("the router refuses", ASK_MS, () => answers(url).then((ok) => (ok ? null : true)));
    await until("the router answers", ASK_MS, () => answers(url).then((ok) => (ok ? true : null)));
    const awayMs = performance.now() - killedAt;
    t.diagnostic(`the router was away for ${awayMs.toFixed(0)} ms`);
    assert.ok(awayMs < ROUTER_BACK_MS, `the router was away for ${awayMs.toFixed(0)} ms`);
    await endsWell(id);
  });

  test("kill -9 of the keeper, which adopts what it finds, without a lost request", async () => {
    const id = await halfway();
    const lost = await lostDuring(async () => {
      const keeper = keeperClient(plane.layout);
      const { pid } = await keeper.info(AbortSignal.timeout(ASK_MS));
      const before = await instancesOf(plane);
      signalTo(pid, "SIGKILL");
      await until("another keeper answers", BACK_MS, async () =>
        (await keeper.info(AbortSignal.timeout(ASK_MS))).pid === pid ? null : true,
      );
      const pids = (await instancesOf(plane)).map((one) => one.pid);
      for (const one of before) assert.ok(pids.includes(one.pid), `${one.id} was not adopted`);
      await endsWell(id);
    });
    assert.equal(lost, 0);
  });
});

const instancesOf = (plane: Plane): Promise<readonly InstanceDetail[]> => {
  const lane = { service: "shop" as ServiceName, environment: "live" as EnvironmentName };
  return keeperClient(plane.layout).instances(lane, AbortSignal.timeout(ASK_MS));
};

const onePerSlot = (instances: readonly InstanceDetail[]): readonly InstanceDetail[] =>
  (["blue", "green"] as const).flatMap(
    (slot) => instances.find((one) => one.slot === slot && one.pid !== null) ?? [],
  );

const postgresOf = (plane: Plane): readonly number[] =>
  processesOf(plane.layout.postgres).map((one) => one.pid);

/** Throws while there is none. */
const postmasterOf = (plane: Plane): number => {
  const noted = readFileSync(join(plane.layout.postgres, "postmaster.pid"), "utf8");
  const pid = Number(noted.split("\n")[0]);
  if (!signalTo(pid, "SIGCONT")) throw new Error(`PostgreSQL, process ${pid}, is gone`);
  return pid;
};

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(ASK_MS) }).then(
    (response) => response.ok,
    () => false,
  );

// What a hundred blue-green switches cost the users of a service: requests lost, and how much
// longer the slowest of a hundred took while they went on than before.

import { setTimeout as sleep } from "node:timers/promises";

import { start as startTraffic } from "../demo/traffic.ts";
import { environment, playbook, service } from "../test/e2e/definitions.ts";
import { openPlane } from "../test/e2e/plane.ts";
import type { Plane } from "../test/e2e/plane.ts";
import { freePorts } from "../test/e2e/ports.ts";
import { applyDefinitions, assertServes, ended, release } from "../test/e2e/steering.ts";
import { runWhen } from "../test/e2e/steering.ts";
import type { Line } from "./line.ts";

const SWITCHES = 100;
const REQUESTS_PER_SECOND = 200;
const CALM_MS = 15_000;
const LANE = { service: "shop", environment: "live" };
const BLUE_GREEN = { blueGreen: { stability: "0s", keepWarm: "0s" } };

export const benchSwitches = async (): Promise<readonly Line[]> => {
  const [port = 0] = await freePorts(1);
  const plane = await openPlane();
  try {
    await applyDefinitions(plane, [
      environment("live", { from: "release", how: "manual" }),
      playbook("switch", BLUE_GREEN),
      service("shop", { live: { playbook: "switch", port, instances: 2 } }),
    ]);
    await release(plane, "shop", "1.0.0");
    await release(plane, "shop", "2.0.0");
    await switchTo(plane, "shop@1.0.0");
    const url = `http://127.0.0.1:${port}/`;
    const calm = startTraffic(url, REQUESTS_PER_SECOND);
    await sleep(CALM_MS);
    const before = await calm.stop();
    const busy = startTraffic(url, REQUESTS_PER_SECOND);
    const startedAt = performance.now();
    for (let done = 0; done < SWITCHES; done += 1) {
      await switchTo(plane, done % 2 === 0 ? "shop@2.0.0" : "shop@1.0.0");
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const during = await busy.stop();
    for (const { why } of during.failures) console.error(`lost: ${why}`);
    const each = `${SWITCHES} switches of 2 instances, ${(seconds / SWITCHES).toFixed(1)} s each`;
    return [
      {
        bench: "switches-requests-lost",
        value: during.failedByControlPlane + before.failedByControlPlane,
        unit: "requests",
        comparison: null,
        note: `of ${during.requests} at ${REQUESTS_PER_SECOND}/s, during ${each}`,
      },
      {
        bench: "switches-p99",
        value: during.p99Ms ?? 0,
        unit: "ms",
        comparison: {
          what: "p99 before, without switches",
          value: before.p99Ms ?? 0,
          ratio: (during.p99Ms ?? 0) / (before.p99Ms ?? 1),
        },
      },
    ];
  } finally {
    await plane.close();
  }
};

/** Until the release serves alone and the other one is gone. */
const switchTo = async (plane: Plane, id: string): Promise<void> => {
  const body = { ...LANE, release: id, reason: null };
  const begun = await plane.api("deploy", { body });
  await runWhen(plane, LANE, id, "ended", (run) => run.id === begun.id && run.phase === "ended");
  await ended(plane, LANE, id);
  await assertServes(plane, LANE, id);
};

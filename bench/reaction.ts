// How long users suffer: from the first bad answer of a release that turns bad in its canary to the
// last one, as users see it. The release turns bad at moments spread over the sampling interval.

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { start as startTraffic } from "../demo/traffic.ts";
import type { Traffic } from "../demo/traffic.ts";
import { canary, environment, playbook, service } from "../test/e2e/definitions.ts";
import { openPlane } from "../test/e2e/plane.ts";
import type { Plane } from "../test/e2e/plane.ts";
import { freePorts } from "../test/e2e/ports.ts";
import { applyDefinitions, release, runWhen } from "../test/e2e/steering.ts";
import { until } from "../test/e2e/waiting.ts";
import type { Line } from "./line.ts";

const TIMES = 20;
const REQUESTS_PER_SECOND = 200;
const INTERVAL_MS = 1_000;
/** Beyond the sampling interval: deciding, committing, the router, reading it back. */
const ALLOWANCE_MS = 500;
/** Time for enough requests in the window. */
const SETTLED_IN_MS = 2_000;
const DEADLINE_MS = 30_000;
const LANE = { service: "shop", environment: "live" };

export const benchReaction = async (): Promise<readonly Line[]> => {
  const [port = 0] = await freePorts(1);
  const plane = await openPlane();
  const badWhile = join(plane.folder, "bad");
  try {
    await applyDefinitions(plane, [
      environment("live", { from: "release", how: "manual" }),
      playbook("watch", canary(["50%", "100%"], "10m", { patience: "20m" }), {
        rollback: { when: ["errorRate > 10%"], keepFailed: "0s" },
        analysis: { interval: "1s", window: "1s", minRequests: 5 },
      }),
      service("shop", { live: { playbook: "watch", port } }),
    ]);
    await release(plane, "shop", "1.0.0");
    await release(plane, "shop", "2.0.0", { badWhile });
    await deploy(plane, "shop@1.0.0", (run) => run.phase === "ended");
    const traffic = startTraffic(`http://127.0.0.1:${port}/`, REQUESTS_PER_SECOND);
    const reactions: number[] = [];
    try {
      for (let time = 0; time < TIMES; time += 1) {
        const waitMs = SETTLED_IN_MS + (time * INTERVAL_MS) / TIMES;
        reactions.push(await react(plane, traffic, badWhile, waitMs));
      }
    } finally {
      await traffic.stop();
    }
    return linesOf(reactions.toSorted((a, b) => a - b));
  } finally {
    await plane.close();
  }
};

/** Milliseconds from the first bad answer to the last. */
const react = async (
  plane: Plane,
  traffic: Traffic,
  badWhile: string,
  waitMs: number,
): Promise<number> => {
  const run = await deploy(plane, "shop@2.0.0", ({ weight }) => weight === 500);
  await sleep(waitMs);
  traffic.mark();
  await writeFile(badWhile, "");
  await runWhen(plane, LANE, "shop@2.0.0", "rolled back", (one) => {
    return one.id === run && one.phase === "ended";
  });
  await rm(badWhile);
  const counted = await until("bad answers are counted", DEADLINE_MS, () =>
    traffic.stats().firstBadAfterMarkAt === null ? null : traffic.stats(),
  );
  return (counted.lastBadAt ?? 0) - (counted.firstBadAfterMarkAt ?? 0);
};

type Look = Parameters<typeof runWhen>[4];

const deploy = async (plane: Plane, id: string, look: Look): Promise<string> => {
  const begun = await plane.api("deploy", { body: { ...LANE, release: id, reason: null } });
  await runWhen(plane, LANE, id, "as wanted", (run) => run.id === begun.id && look(run));
  return begun.id;
};

/** `sorted` is not empty. */
const linesOf = (sorted: readonly number[]): readonly Line[] => {
  const aim = INTERVAL_MS + ALLOWANCE_MS;
  const what = `aim: sampling interval ${INTERVAL_MS} ms + ${ALLOWANCE_MS} ms`;
  const line = (name: string, value: number): Line => ({
    bench: `reaction-${name}`,
    value,
    unit: "ms",
    comparison: { what, value: aim, ratio: value / aim },
    note: `first to last bad answer of ${TIMES} rollbacks, ${REQUESTS_PER_SECOND} requests/s`,
  });
  return [
    line("median", sorted[Math.floor(sorted.length / 2)] ?? 0),
    line("worst", sorted.at(-1) ?? 0),
  ];
};

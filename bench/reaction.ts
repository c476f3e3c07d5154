// How long users suffer: from the first bad answer of a release that turns bad in its canary to the
// last one, as users see it. The release turns bad at moments spread over the sampling interval.

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Traffic } from "../demo/traffic.ts";
import type { RunView } from "../src/api/contract/runs.ts";
import { canary, environment, playbook, service } from "../test/e2e/definitions.ts";
import { openPlane } from "../test/e2e/plane.ts";
import type { Plane } from "../test/e2e/plane.ts";
import { freePorts } from "../test/e2e/ports.ts";
import { applyDefinitions, install, release, runOf } from "../test/e2e/steering.ts";
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
      environment("live"),
      playbook("watch", canary(["50%", "100%"], "10m", { patience: "20m" }), {
        rollback: { when: ["errorRate > 10%"], keepFailed: "0s" },
        analysis: { interval: "1s", window: "1s", minRequests: 5 },
      }),
      service("shop", { live: { playbook: "watch", port } }),
    ]);
    const traffic = await install(plane, LANE, port, REQUESTS_PER_SECOND);
    const reactions: number[] = [];
    try {
      const id = await release(plane, "shop", "2.0.0", { badWhile });
      for (let time = 0; time < TIMES; time += 1) {
        // The first run began with the release.
        const run = time === 0 ? await runOf(plane, LANE, id) : await deploy(plane, id);
        const waitMs = SETTLED_IN_MS + (time * INTERVAL_MS) / TIMES;
        reactions.push(await react(plane, traffic, { run, badWhile, waitMs }));
      }
    } finally {
      await traffic.stop();
    }
    return linesOf(reactions.toSorted((a, b) => a - b));
  } finally {
    await plane.close();
  }
};

interface Moment {
  readonly run: string;
  readonly badWhile: string;
  /** From having half of the traffic until it turns bad. */
  readonly waitMs: number;
}

/** Milliseconds from the first bad answer to the last. */
const react = async (plane: Plane, traffic: Traffic, moment: Moment): Promise<number> => {
  const { run, badWhile, waitMs } = moment;
  const is = (awaited: string, look: (view: RunView) => boolean): Promise<true> =>
    until(`the run is ${awaited}`, DEADLINE_MS, async () =>
      look(await plane.api("run", { params: { run } })) ? (true as const) : null,
    );
  await is("at half", (view) => view.weight === 500);
  await sleep(waitMs);
  traffic.mark();
  await writeFile(badWhile, "");
  await is("over", (view) => view.phase === "ended");
  await rm(badWhile);
  const counted = await until("bad answers are counted", DEADLINE_MS, () =>
    traffic.stats().firstBadAfterMarkAt === null ? null : traffic.stats(),
  );
  return (counted.lastBadAt ?? 0) - (counted.firstBadAfterMarkAt ?? 0);
};

const deploy = async (plane: Plane, release: string): Promise<string> =>
  (await plane.api("deploy", { body: { ...LANE, release, reason: null } })).id;

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

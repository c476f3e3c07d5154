// Traffic that returns by shares, and what is asked when it is back: through the command line, with
// traffic, which no step of it may cost a request.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { canary, environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, assertAuditVerifies, assertServes, done } from "./steering.ts";
import { ended, install, release, runWhen, settled } from "./steering.ts";
import type { LaneName } from "./steering.ts";

const RATE = 50;
const REFUSED = 5;

/** What a person would see if the first share were the whole way. */
const ROLLBACK = {
  when: ["errorRate > 10% for 1m"],
  within: "1m",
  keepFailed: "0s",
  traffic: ["50%", "10%", "0%"],
  bake: "2s",
  verify: { paths: ["/health"], through: "router", attempts: 2, interval: "200ms" },
};

const migrate = {
  migrate: { up: ["node", "-e", ""], down: ["node", "-e", "/* down */"], phase: "expand" },
};

const DEFINITIONS = (ports: readonly number[]) => [
  environment("live"),
  playbook("sharing", canary(["50%", "100%"], "1s"), {
    deploy: [migrate, canary(["50%", "100%"], "1s")],
    rollback: ROLLBACK,
  }),
  playbook("slow", canary(["50%", "100%"], "1s", { stability: "15s" }), {
    rollback: { ...ROLLBACK, verify: { ...ROLLBACK.verify, paths: ["/"], initialWait: "3s" } },
  }),
  service("shared", { live: { playbook: "sharing", port: ports[0] ?? 0 } }),
  service("turning", { live: { playbook: "slow", port: ports[1] ?? 0 } }),
];

describe("the way back", { concurrency: true }, () => {
  let plane: Plane;
  let ports: readonly number[];

  before(async () => {
    ports = await freePorts(2);
    plane = await openPlane();
    await applyDefinitions(plane, DEFINITIONS(ports));
  });
  after(async () => {
    await assertAuditVerifies(plane);
    assert.deepEqual(await plane.close(), []);
  });

  const rollBack = (lane: LaneName, ...args: readonly string[]) =>
    plane.cli(["rollback", lane.service, lane.environment, ...args], "bob");

  const eventsOf = async (lane: LaneName, id: string): Promise<readonly string[]> => {
    const { id: run } = await runWhen(plane, lane, id, "there", () => true);
    const { events } = await plane.api("events", { params: { run }, query: { limit: 200 } });
    return events.map(({ type, step }) => (step === null ? type : `${type} ${step}`));
  };

  test("returns by shares from a release that had succeeded, and names the rest", async () => {
    const lane = { service: "shared", environment: "live" };
    const traffic = await install(plane, lane, ports[0] ?? 0, RATE);
    try {
      const second = await release(plane, "shared", "1.1.0");
      assert.equal((await ended(plane, lane, second)).outcome, "succeeded");
      const began = performance.now();
      done(await rollBack(lane, "--tier", "gradual", "--wait"));
      assert.ok(performance.now() - began >= 4_000, "two shares of 2 s each");
      await assertServes(plane, lane, "shared@1.0.0");
      assert.equal((await ended(plane, lane, "shared@1.0.0")).outcome, "succeeded");
      const events = await eventsOf(lane, "shared@1.0.0");
      const way = events.filter((one) => /step.done (shift|bake|undo|verify)/u.test(one));
      assert.deepEqual(
        way.map((one) => one.slice("step.done ".length)),
        [
          "shift-50",
          "bake-50",
          "shift-90",
          "bake-90",
          "shift-100",
          "undo-deploy-migrate",
          "verify",
        ],
      );

      const third = await release(plane, "shared", "1.2.0");
      assert.equal((await ended(plane, lane, third)).outcome, "succeeded");
      done(await rollBack(lane, "--now"));
      await ended(plane, lane, "shared@1.0.0");
      const more = await rollBack(lane, "--tier", "gradual");
      assert.equal(more.code, REFUSED);
      assert.match(more.stderr, /left deploy-migrate of 1\.2\.0 as it is/);
      assert.match(more.stderr, /node -e \/\* down \*\//);
    } finally {
      assert.deepEqual((await traffic.stop()).failures, []);
    }
  });

  test("goes at once where it turns bad on the way, and tells what does not answer", async () => {
    const lane = { service: "turning", environment: "live" };
    const oldBadWhile = join(plane.folder, "old-turning-bad");
    const old = { badWhile: oldBadWhile };
    const traffic = await install(plane, lane, ports[1] ?? 0, RATE, old);
    try {
      const badWhile = join(plane.folder, "turning-bad");
      const second = await release(plane, "turning", "1.1.0", { badWhile });
      await runWhen(plane, lane, second, "at full traffic", ({ weight }) => weight === 1000);
      done(await rollBack(lane, "--tier", "gradual", "--reason", "slowly"));
      await runWhen(plane, lane, second, "at its first share", ({ weight }) => weight === 500);
      await writeFile(badWhile, "");
      const { outcome } = await settled(plane, lane, second);
      assert.equal(outcome, "rolledBack");
      await writeFile(oldBadWhile, "");
      await assertServes(plane, lane, "turning@1.0.0");
      await ended(plane, lane, second);
      const events = await eventsOf(lane, second);
      assert.ok(events.some((one) => one.startsWith("rollback.hurried")));
      assert.ok(events.includes("rollback.unverified back-verify"));
    } finally {
      await traffic.stop();
    }
  });
});

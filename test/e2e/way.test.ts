// What is asked between the shares of a canary, and emergencies that find their lane taken: through
// the command line, with traffic, which no step of it may cost a request.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { canary, environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, assertServes, done, install, release } from "./steering.ts";
import { runWhen, settled } from "./steering.ts";

const RATE = 50;
const REFUSED = 5;

const LOOK = { manual: { name: "look", instructions: "Look at it.", from: ["bob"] } };

const DEFINITIONS = (ports: readonly number[]) => [
  environment("live", {
    from: "release",
    how: "automatic",
    emergency: { from: ["alice"], within: "10m" },
  }),
  playbook("asking", {
    canary: {
      ...(canary([], "1s")["canary"] as object),
      steps: ["20%", { weight: "100%", before: [{ approval: { from: ["bob"] } }, LOOK] }],
    },
  }),
  service("asked", { live: { playbook: "asking", port: ports[0] ?? 0 } }),
  service("burning", { live: { playbook: "asking", port: ports[1] ?? 0 } }),
];

describe("the way", { concurrency: true }, () => {
  let plane: Plane;
  let ports: readonly number[];

  before(async () => {
    ports = await freePorts(2);
    plane = await openPlane();
    await applyDefinitions(plane, DEFINITIONS(ports));
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const as = async (who: string, ...args: readonly string[]): Promise<void> => {
    done(await plane.cli(args, who));
  };

  /** A first installation asks everything before it begins. */
  const installed = async (name: string, port: number) => {
    const lane = { service: name, environment: "live" };
    const traffic = install(plane, lane, port, RATE);
    traffic.catch(() => undefined);
    await sayYes(lane, `${name}@1.0.0`);
    return { lane, traffic: await traffic };
  };

  const atGate = (lane: { readonly service: string; readonly environment: string }, id: string) =>
    runWhen(plane, lane, id, "asking for approval", (run) =>
      run.asks.some(({ kind }) => kind === "approval"),
    );

  const sayYes = async (
    lane: { readonly service: string; readonly environment: string },
    id: string,
  ): Promise<void> => {
    const { id: run } = await atGate(lane, id);
    await as("bob", "approve", run);
    await runWhen(plane, lane, id, "asking for a look", (view) => view.step?.id === "at-100-look");
    await as("bob", "answer", run, "at-100-look", "looks well");
  };

  test("asks between two shares, its triggers armed, and goes on when all is said", async () => {
    const { lane, traffic } = await installed("asked", ports[0] ?? 0);
    try {
      const good = await release(plane, "asked", "1.1.0");
      const asking = await atGate(lane, good);
      assert.deepEqual([asking.step?.id, asking.weight], ["gate-100", 200]);
      const { code } = await plane.cli(["approve", asking.id], "mallory");
      assert.equal(code, REFUSED);
      await sayYes(lane, good);
      assert.equal((await settled(plane, lane, good)).outcome, "succeeded");

      const badWhile = join(plane.folder, "bad");
      const bad = await release(plane, "asked", "1.2.0", { badWhile });
      await atGate(lane, bad);
      await writeFile(badWhile, "");
      const back = await settled(plane, lane, bad);
      assert.deepEqual([back.outcome, back.breach?.weight], ["rolledBack", 200]);
      await assertServes(plane, lane, good);
    } finally {
      assert.deepEqual((await traffic.stop()).failures, []);
    }
  });

  test("an emergency says what it waits for, and sends back what has begun", async () => {
    const { lane, traffic } = await installed("burning", ports[1] ?? 0);
    try {
      const second = await release(plane, "burning", "1.1.0");
      const begun = await atGate(lane, second);
      const words = ["--emergency", "--reason", "it burns"];
      await release(plane, "burning", "1.2.0");
      const waits = await plane.cli(["deploy", "burning", "live", "1.2.0", ...words], "alice");
      assert.match(done(waits).stdout, new RegExp(`waits for ${begun.id}: 1\\.1\\.0.* at 20 %`));
      assert.match(waits.stdout, new RegExp(`sluice abort ${begun.id}`));
      const again = ["deploy", "burning", "live", "1.2.0", ...words, "--supersede"];
      await as("alice", ...again);
      assert.equal((await settled(plane, lane, second)).outcome, "aborted");
      const asking = await runWhen(plane, lane, "burning@1.2.0", "at its gate", (run) =>
        run.asks.some(({ kind }) => kind === "approval"),
      );
      assert.notEqual(asking.origin.emergency, null);
      await sayYes(lane, "burning@1.2.0");
      assert.equal((await settled(plane, lane, "burning@1.2.0")).outcome, "succeeded");
      await assertServes(plane, lane, "burning@1.2.0");
      assert.match(done(await plane.cli(["reviews"])).stdout, /it burns/);
    } finally {
      assert.deepEqual((await traffic.stop()).failures, []);
    }
  });
});

// A train whose control plane is killed with SIGKILL again and again, forward and on its way back:
// nothing is lost, nothing begins twice, and the order stays. SLUICE_CHAOS_SEED repeats the moments
// of an earlier test.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { RunView } from "../../src/api/contract/runs.ts";
import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { chosenSeed, randomOf } from "./random.ts";
import { applyDefinitions, assertAuditVerifies, assertServes, done, ended } from "./steering.ts";
import { release, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const MEMBERS = ["api", "web", "shop"] as const;
const TRAIN = { service: "all", environment: "live" };
const OUTCOME_MS = 120_000;
const READY_MS = 30_000;
const KILLS = 8;
/** From being ready to its death. */
const MAX_LIFE_MS = 1_500;

const STRATEGY = { blueGreen: { readyWithin: "6s", stability: "1s", keepWarm: "0s" } };
const NOTE = {
  task: {
    name: "note",
    command: ["node", "--version"],
    repeatable: true,
    undo: { command: ["node", "--version"], repeatable: true, tier: "gradual" },
  },
};
const laneOf = (name: string) => ({ service: name, environment: "live" });

describe("a train whose control plane is killed", () => {
  let plane: Plane;
  const seed = chosenSeed();
  const random = randomOf(seed);

  before(async () => {
    const ports = await freePorts(MEMBERS.length);
    plane = await openPlane();
    const rollback = { when: [], within: "2m", keepFailed: "0s" };
    await applyDefinitions(plane, [
      environment("live", { from: "release", how: "manual" }),
      playbook("plain", STRATEGY, { rollback }),
      playbook("noted", STRATEGY, { rollback, before: [NOTE] }),
      ...MEMBERS.map((name, index) =>
        service(name, {
          live: { playbook: name === "web" ? "noted" : "plain", port: ports[index] ?? 0 },
        }),
      ),
      {
        kind: "Train",
        name: "all",
        environments: ["live"],
        members: [
          { service: "shop", after: ["web"] },
          { service: "web", after: ["api"] },
          { service: "api" },
        ],
      },
    ]);
    for (const name of MEMBERS) {
      await release(plane, name, "1.0.0");
      done(await plane.cli(["deploy", name, "live", "1.0.0"]));
      await ended(plane, laneOf(name), `${name}@1.0.0`);
    }
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const departs = async (version: string): Promise<void> => {
    const members = MEMBERS.map((name) => `${name}@${version}`);
    done(await plane.cli(["train", "create", `all@${version}`, ...members]));
    done(await plane.cli(["deploy", "all", "live", version]));
  };

  const isReady = (): Promise<true> =>
    until(`the control plane is ready again\n${plane.words()}`, READY_MS, async () => {
      const { ready } = await plane.api("health", {});
      return ready ? (true as const) : null;
    });

  /** Until its outcome is certain, and no more often than this; then it lives on. */
  const killedUntil = async (version: string, times: number): Promise<RunView> => {
    const over = { yet: false };
    const end = settled(plane, TRAIN, `all@${version}`, OUTCOME_MS).finally(() => {
      over.yet = true;
    });
    // Whatever it ends with is thrown when it is awaited.
    end.catch(() => undefined);
    for (let kill = 0; kill < times && !over.yet; kill += 1) {
      await sleep(random() * MAX_LIFE_MS);
      await plane.kill();
      plane.launch();
      await isReady();
    }
    return await end;
  };

  /** All runs of a lane that this train began, oldest first. */
  const runsOf = async (name: string, train: string): Promise<readonly RunView[]> => {
    const { runs } = await plane.api("runs", { query: { ...laneOf(name), limit: 20 } });
    const views = await Promise.all(
      runs.map(({ id }) => plane.api("run", { params: { run: id } })),
    );
    return views.filter(({ origin }) => origin.train === train).toReversed();
  };

  test("goes forward in its order, each member once", async (t) => {
    t.diagnostic(`SLUICE_CHAOS_SEED=${seed}`);
    for (const name of MEMBERS) await release(plane, name, "1.1.0");
    await departs("1.1.0");
    const train = await killedUntil("1.1.0", KILLS);
    assert.equal(train.outcome, "succeeded", JSON.stringify(train.breach));
    let before = 0;
    for (const name of MEMBERS) {
      const [run, ...more] = await runsOf(name, train.id);
      assert.deepEqual(more, [], `${name} began more than once`);
      assert.equal(run?.outcome, "succeeded");
      assert.ok((run?.createdAt ?? 0) >= before, `${name} began before the one that it follows`);
      before = run?.settledAt ?? Infinity;
      await ended(plane, laneOf(name), `${name}@1.1.0`);
      await assertServes(plane, laneOf(name), `${name}@1.1.0`);
    }
  });

  test("goes back in reverse, each member once, and tells what was left", async () => {
    for (const name of ["api", "web"]) await release(plane, name, "1.2.0");
    await release(plane, "shop", "1.2.0", { readyAfterMs: null });
    await departs("1.2.0");
    const train = await killedUntil("1.2.0", 3 * KILLS);
    assert.equal(train.outcome, "rolledBack", JSON.stringify(train.breach));
    assert.equal(train.breach?.trigger, "shop is lost");
    const [api, web, shop] = await Promise.all(MEMBERS.map((name) => runsOf(name, train.id)));
    const ways = [api, web, shop].map((runs) => runs?.map(({ origin }) => origin.kind));
    assert.deepEqual(ways, [["train", "rollback"], ["train", "rollback"], ["train"]]);
    const back = (runs: readonly RunView[] | undefined): RunView => runs?.[1] ?? assert.fail();
    assert.ok(back(web).createdAt >= (shop?.[0]?.settledAt ?? Infinity), "web before shop");
    assert.ok(back(api).createdAt >= (back(web).settledAt ?? Infinity), "api before web");
    for (const name of MEMBERS) await assertServes(plane, laneOf(name), `${name}@1.1.0`);
    const shown = done(await plane.cli(["show", train.id])).stdout.replaceAll(/\s+/g, " ");
    assert.match(shown, /web: before-note of 1\.2\.0 stays as it is/);
    await assertAuditVerifies(plane);
  });
});

// A release train through the real command line, on real processes: a good one takes both services
// forward in their order; one whose second member fails brings both back.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { ReleaseView } from "../../src/api/contract/releases.ts";
import type { RunView } from "../../src/api/contract/runs.ts";
import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, assertAuditVerifies, assertServes, done, ended } from "./steering.ts";
import { release, runWhen, settled } from "./steering.ts";

const MEMBERS = ["api", "web"];
const AT_ONCE = { blueGreen: { readyWithin: "4s", stability: "0s", keepWarm: "0s" } };
const WITHOUT_TRAFFIC = { when: [], within: "10s", keepFailed: "0s" };

const SHOP = { service: "shop", environment: "live" };
const laneOf = (name: string) => ({ service: name, environment: "live" });

describe("a release train", () => {
  let plane: Plane;

  before(async () => {
    const ports = await freePorts(MEMBERS.length);
    plane = await openPlane();
    await applyDefinitions(plane, [
      environment("live", { from: "release", how: "manual" }),
      playbook("at-once", AT_ONCE, { rollback: WITHOUT_TRAFFIC }),
      ...MEMBERS.map((name, index) =>
        service(name, { live: { playbook: "at-once", port: ports[index] ?? 0 } }),
      ),
      {
        kind: "Train",
        name: "shop",
        environments: ["live"],
        members: [{ service: "web", after: ["api"] }, { service: "api" }],
        after: [{ manual: { name: "look", instructions: "Look at the shop.", from: ["alice"] } }],
      },
    ]);
    for (const name of MEMBERS) {
      await release(plane, name, "1.0.0");
      done(await plane.cli(["deploy", name, "live", "1.0.0"]));
      assert.equal((await settled(plane, laneOf(name), `${name}@1.0.0`)).outcome, "succeeded");
    }
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const departs = async (version: string): Promise<void> => {
    const members = MEMBERS.map((name) => `${name}@${version}`);
    const made = await plane.cli(["train", "create", `shop@${version}`, ...members, "--json"]);
    assert.deepEqual((JSON.parse(done(made).stdout) as ReleaseView).members, [
      `web@${version}`,
      `api@${version}`,
    ]);
    done(await plane.cli(["deploy", "shop", "live", version]));
  };
  const runOfMember = (name: string, version: string): Promise<RunView> =>
    settled(plane, laneOf(name), `${name}@${version}`);

  test("goes forward in order, and keeps its members warm until it is through", async () => {
    for (const name of MEMBERS) await release(plane, name, "1.1.0");
    await departs("1.1.0");
    const [api, web] = [await runOfMember("api", "1.1.0"), await runOfMember("web", "1.1.0")];
    assert.deepEqual([api.outcome, web.outcome], ["succeeded", "succeeded"]);
    assert.ok(web.createdAt >= (api.settledAt ?? Infinity), "web began before api had settled");
    assert.equal(web.origin.kind, "train");

    const looking = await runWhen(
      plane,
      SHOP,
      "shop@1.1.0",
      "asking",
      ({ asks }) => asks.length > 0,
    );
    assert.deepEqual(
      looking.members.map(({ release: id, state }) => [id, state]),
      [
        ["api@1.1.0", "settled"],
        ["web@1.1.0", "settled"],
      ],
    );
    const kept = await plane.api("run", { params: { run: api.id } });
    assert.equal(kept.phase, "forward", "it keeps its lane for the train");
    const shown = done(await plane.cli(["show", looking.id])).stdout;
    assert.match(shown, /✔ api@1\.1\.0 · settled/);

    const word = ["answer", looking.id, "after-look", "all is well", "--as", "alice"];
    done(await plane.cli(word));
    const train = await settled(plane, SHOP, "shop@1.1.0");
    assert.equal(train.outcome, "succeeded");
    for (const name of MEMBERS) {
      await ended(plane, laneOf(name), `${name}@1.1.0`);
      await assertServes(plane, laneOf(name), `${name}@1.1.0`);
    }
  });

  test("brings all members back when one of them fails", async () => {
    await release(plane, "api", "1.2.0");
    await release(plane, "web", "1.2.0", { readyAfterMs: null });
    await departs("1.2.0");
    const train = await settled(plane, SHOP, "shop@1.2.0");
    assert.equal(train.outcome, "rolledBack");
    assert.equal(train.breach?.trigger, "web is lost");
    assert.match(train.breach.reasons[0]?.text ?? "", /web@1\.2\.0 did not settle well/);
    const why = done(await plane.cli(["why", train.id])).stdout;
    assert.match(why, /rolled back at/);
    assert.doesNotMatch(why, /traffic/, "a train has none of its own");
    assert.equal((await runOfMember("api", "1.2.0")).outcome, "succeeded");
    assert.equal((await runOfMember("web", "1.2.0")).outcome, "failed");
    for (const name of MEMBERS) await assertServes(plane, laneOf(name), `${name}@1.1.0`);
    await assertAuditVerifies(plane);
  });

  test("is taken back as one when it has settled, by one command", async () => {
    const said = ["rollback", "shop", "live", "--reason", "the basket is empty", "--wait"];
    done(await plane.cli(said));
    for (const name of MEMBERS) {
      await ended(plane, laneOf(name), `${name}@1.0.0`);
      await assertServes(plane, laneOf(name), `${name}@1.0.0`);
    }
    const [lane] = (await plane.api("lanes", { query: { ...SHOP } })).lanes;
    assert.equal(lane?.stable, null, "there was no train before it");
    const { runs } = await plane.api("runs", { query: { ...SHOP, limit: 20 } });
    const view = await plane.api("run", { params: { run: runs[0]?.id ?? "" } });
    assert.deepEqual(
      view.members.map(({ release: id, state }) => [id, state]),
      [
        ["api@1.1.0", "left"],
        ["web@1.1.0", "left"],
      ],
    );
    const [api, web] = await Promise.all(
      MEMBERS.map((name) => settled(plane, laneOf(name), `${name}@1.0.0`)),
    );
    assert.equal(api?.origin.train, view.id);
    assert.ok((api?.createdAt ?? 0) >= (web?.settledAt ?? Infinity), "api before web was back");
    const again = await plane.cli(said);
    assert.notEqual(again.code, 0);
    await assertAuditVerifies(plane);
  });

  test("is refused with what was meant, and says what it would do", async () => {
    const wrong = await plane.cli(["train", "create", "shop@2", "apo@1.0.0"]);
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.stderr, /apo@1\.0\.0 is no release of a member of shop/);
    assert.match(wrong.stderr, /did you mean api\?/);
    const plan = done(await plane.cli(["plan", "shop", "live", "1.2.0"])).stdout;
    assert.match(plan, /api@1\.2\.0 first/);
    assert.match(plan, /web@1\.2\.0 after api/);
    assert.match(plan, /web 1\.2\.0 → live/, "the plans of its members follow");
  });
});

// What people do to releases, through the command line: hold, resume, abort, approve, reject,
// promote, answer; and the audit chain that remembers it, which shows where somebody changed it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import pg from "pg";

import type { AuditVerdict } from "../../src/api/contract/audit.ts";
import { configOf } from "../../src/drivers/embedded-postgres/ownership.ts";
import { canary, environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { BAD } from "./releases.ts";
import { applyDefinitions, assertServes, done, release, runOf } from "./steering.ts";
import { install, runWhen, settled } from "./steering.ts";

const RATE = 50;
/** Longer than any bake here. */
const HELD_MS = 3_000;
/** Exit codes that every --help promises. */
const FAILED = 1;
const REFUSED = 5;

const AT_ONCE = { blueGreen: { stability: "0s", keepWarm: "0s" } };

const DEFINITIONS = (ports: readonly number[]) => [
  environment("live"),
  environment("dev"),
  environment("prod", { from: "dev", how: "manual" }),
  environment("guarded", {
    from: "release",
    how: "automatic",
    approval: { from: ["alice", "bob", "carol"], count: 2 },
  }),
  playbook("watched", canary(["50%", "100%"], "1s")),
  playbook("simple", AT_ONCE),
  playbook("asking", AT_ONCE, {
    before: [{ manual: { name: "look", instructions: "Look at it.", from: ["bob"] } }],
  }),
  service("held", { live: { playbook: "watched", port: ports[0] ?? 0 } }),
  service("shop", { guarded: { playbook: "simple", port: ports[1] ?? 0 } }),
  service("promo", {
    dev: { playbook: "simple", port: ports[2] ?? 0 },
    prod: { playbook: "simple", port: ports[3] ?? 0 },
  }),
  service("manual", { live: { playbook: "asking", port: ports[4] ?? 0 } }),
];

describe("people", () => {
  let plane: Plane;
  let ports: readonly number[];

  before(async () => {
    ports = await freePorts(5);
    plane = await openPlane();
    await applyDefinitions(plane, DEFINITIONS(ports));
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const as = async (who: string, ...args: readonly string[]): Promise<void> => {
    done(await plane.cli(args, who));
  };
  const refused = async (who: string, code: string, ...args: readonly string[]): Promise<void> => {
    const { code: exit, stdout, stderr } = await plane.cli([...args, "--json"], who);
    assert.equal(exit, REFUSED, `${stdout}${stderr}`);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, code);
  };

  describe("meanwhile", { concurrency: true }, () => {
    test("hold a release and let it go on, hold a bad one in vain, abort one", async () => {
      const lane = { service: "held", environment: "live" };
      const atHalf = async (id: string): Promise<void> => {
        await runWhen(plane, lane, id, "at half", (run) => run.weight === 500);
      };
      const traffic = await install(plane, lane, ports[0] ?? 0, RATE);
      try {
        const second = await release(plane, "held", "1.1.0");
        await atHalf(second);
        await as("bob", "hold", "held.live", "--reason", "looking at a graph");
        const heldAt = Date.now();
        const run = await runWhen(plane, lane, second, "held a while", (view) => {
          assert.equal(view.outcome, null);
          return view.hold !== null && Date.now() - heldAt > HELD_MS;
        });
        assert.deepEqual([run.hold?.by, run.hold?.reason], ["bob", "looking at a graph"]);
        assert.equal(run.weight, 500);
        await as("carol", "resume", "held.live");
        assert.equal((await settled(plane, lane, second)).outcome, "succeeded");

        const bad = await release(plane, "held", "1.2.0", BAD);
        await atHalf(bad);
        await as("bob", "hold", "held.live", "--reason", "triggers stay armed");
        const back = await settled(plane, lane, bad);
        assert.equal(back.outcome, "rolledBack");
        assert.equal(back.breach?.trigger, "errorRate > 10% for 1s");

        const third = await release(plane, "held", "1.3.0");
        await atHalf(third);
        await as("bob", "abort", "held.live", "--reason", "wrong build", "--wait");
        assert.equal((await settled(plane, lane, third)).outcome, "aborted");
        await assertServes(plane, lane, second);
      } finally {
        assert.deepEqual((await traffic.stop()).failures, []);
      }
    });

    test("approve two of three, none of them the author, or reject", async () => {
      const lane = { service: "shop", environment: "guarded" };
      const id = await release(plane, "shop", "1.0.0");
      const waiting = await runWhen(plane, lane, id, "asking", (run) => run.asks.length > 0);
      const from = ["alice", "bob", "carol"];
      const asked = { kind: "approval", step: "entry", rule: "approval", from, needed: 2 };
      const open = ["bob", "carol"];
      assert.deepEqual(waiting.asks, [{ ...asked, given: [], open, questions: [] }]);
      await refused("alice", "denied-author", "approve", "shop.guarded");
      await refused("mallory", "denied-approver", "approve", "shop.guarded");
      await as("bob", "approve", "shop.guarded");
      await as("bob", "approve", "shop.guarded", "--reason", "once more");
      const once = await runWhen(plane, lane, id, "half approved", (run) => {
        return run.approvals.length === 2;
      });
      assert.equal(once.asks[0]?.kind === "approval" && once.asks[0].given.length, 1);
      assert.equal(once.weight, 0);
      await as("carol", "approve", "shop.guarded");
      assert.equal((await settled(plane, lane, id)).outcome, "succeeded");

      const other = await release(plane, "shop", "1.1.0");
      await runWhen(plane, lane, other, "asking", (run) => run.asks.length > 0);
      await as("carol", "reject", "shop.guarded", "--reason", "no release notes");
      const run = await settled(plane, lane, other);
      assert.equal(run.outcome, "failed");
      assert.match(run.breach?.trigger ?? "", /carol rejected it: no release notes/);
      await assertServes(plane, lane, id);
    });

    test("promote by hand what succeeded one environment earlier, and nothing else", async () => {
      const prod = { service: "promo", environment: "prod" };
      const id = await release(plane, "promo", "1.0.0");
      await settled(plane, { service: "promo", environment: "dev" }, id);
      assert.equal((await plane.api("runs", { query: prod })).runs.length, 0, "nothing by itself");
      await release(plane, "promo", "0.9.0", { readyAfterMs: null });
      await refused("bob", "not-verified", "deploy", "promo", "prod", "0.9.0");
      await as("bob", "promote", "promo", "prod", "--wait");
      assert.equal((await settled(plane, prod, id)).outcome, "succeeded");
      await assertServes(plane, prod, id);
    });

    test("do a manual step and say so", async () => {
      const lane = { service: "manual", environment: "live" };
      const id = await release(plane, "manual", "1.0.0");
      const run = await runOf(plane, lane, id);
      await runWhen(plane, lane, id, "asking", (view) => view.asks.length > 0);
      await refused("mallory", "denied-answer", "answer", run, "before-look", "looks fine");
      await as("bob", "answer", run, "before-look", "looks fine");
      assert.equal((await settled(plane, lane, id)).outcome, "succeeded");
    });
  });

  test("find the record that somebody changed behind Sluice's back", async () => {
    done(await plane.cli(["audit", "verify"]));
    const { records } = await plane.api("audit", { query: { chain: "held.live", limit: 1_000 } });
    const victim = records[Math.floor(records.length / 2)];
    assert.ok(victim);
    await tamper(plane, victim.chain, victim.seq);
    const { code, stdout } = await plane.cli(["audit", "verify", "--json"]);
    assert.equal(code, FAILED);
    const verdict = JSON.parse(stdout) as AuditVerdict;
    assert.equal(verdict.verified, false);
    assert.deepEqual([verdict.bad?.chain, verdict.bad?.seq], [victim.chain, victim.seq]);
    const inWords = (await plane.cli(["audit", "verify"])).stdout;
    assert.match(inWords, new RegExp(`held\\.live is broken at record ${victim.seq}`));
    assert.equal((await plane.cli(["status", "held"])).code, 0, "everything else goes on");
  });
});

/** As somebody with the database in hand would: one word in one record. */
const tamper = async (plane: Plane, chain: string, seq: number): Promise<void> => {
  const client = new pg.Client(configOf(join(plane.layout.sockets, "pg"), "sluice"));
  await client.connect();
  try {
    // Switches off the trigger that keeps the chain append-only.
    await client.query("set session_replication_role = replica");
    const changed = await client.query(CHANGE, [chain, seq]);
    assert.equal(changed.rowCount, 1);
  } finally {
    await client.end();
  }
};

const CHANGE = "update sluice.audit set said_by = 'nobody' where chain = $1 and seq = $2";

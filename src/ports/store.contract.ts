// What every store promises about runs, tried on each of them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { instant } from "../core/ids.ts";
import type { EnvironmentName, RunId } from "../core/ids.ts";
import {
  ALICE,
  begin,
  created,
  end,
  goOn,
  idle,
  LEVEL,
  loaded,
  newRun,
  planFor,
  T0,
  TASK,
} from "./store.testing.ts";
import type { MakeStore } from "./store.testing.ts";

const later = (ms: number) => instant(T0 + ms);

export const storeContract = (make: MakeStore): void => {
  void describe("creating a run", () => {
    void test("a new run is queued, has a lane, a wake-up and a record", async () => {
      const { stores, wakeUp } = await make();
      const run = await stores.runs.create(newRun("r-1"));
      const pass = await loaded(stores, run.id);
      assert.deepEqual(pass.run, run);
      assert.equal(run.state.kind, "queued");
      assert.equal(run.createdAt, T0);
      assert.deepEqual(run.plan, planFor("hello", "1.1.0"));
      assert.equal(pass.lane.activeRun, null);
      assert.deepEqual([pass.effects, pass.facts, pass.waiting], [[], [], []]);
      assert.deepEqual([pass.standing, pass.verifiedIn], [[], []]);
      assert.equal(await wakeUp(run.id), T0);
      const [record] = await stores.audit.read("hello.production", 0, 10);
      assert.equal(record?.action, "run.created");
      assert.deepEqual([record?.by, record?.why, record?.seq], [ALICE, "because", 1]);
      assert.deepEqual([pass.lane.auditSeq, pass.lane.auditHash], [1, record?.hash]);
    });

    void test("the same id again changes nothing and gives the run that is there", async () => {
      const { stores } = await make();
      const first = await stores.runs.create(newRun("r-1"));
      const before = await loaded(stores, first.id);
      const other = newRun("r-1", { plan: planFor("hello", "9.9.9"), at: later(5_000) });
      assert.deepEqual(await stores.runs.create(other), first);
      assert.deepEqual(await loaded(stores, first.id), before);
      assert.equal(await stores.audit.head("hello.production"), 1);
    });

    void test("created twice at the same time it is there once", async () => {
      const { stores } = await make();
      const creating = Array.from({ length: 6 }, () => stores.runs.create(newRun("r-1")));
      const runs = await Promise.all(creating);
      for (const run of runs) assert.deepEqual(run, runs[0]);
      assert.equal(await stores.audit.head("hello.production"), 1);
    });

    void test("those that wait see each other, oldest first, the urgent ones marked", async () => {
      const { stores } = await make();
      await stores.runs.create(newRun("r-b"));
      const origin = { kind: "rollback", by: ALICE, reason: null, emergency: null } as const;
      await stores.runs.create(newRun("r-a", { origin }));
      await stores.runs.create(newRun("r-c"));
      const emergency = { until: later(9_000) };
      const urgent = { kind: "manual", by: ALICE, reason: "it burns", emergency } as const;
      await stores.runs.create(newRun("r-e", { origin: urgent }));
      await stores.runs.create(newRun("r-d", { plan: planFor("other", "1.1.0") }));
      const { run, waiting } = await loaded(stores, "r-b" as RunId);
      assert.deepEqual(
        waiting.map(({ run: id, urgent: first, emergencyUntil, release }) => [
          id,
          first,
          emergencyUntil,
          release,
        ]),
        [
          ["r-a", true, null, "hello@1.1.0"],
          ["r-c", false, null, "hello@1.1.0"],
          ["r-e", false, later(9_000), "hello@1.1.0"],
        ],
      );
      assert.ok((waiting[0]?.seq ?? 0) < (waiting[1]?.seq ?? 0));
      const [first, ...behind] = await stores.lanes.waiting(run);
      assert.deepEqual([first?.run, behind], ["r-b", waiting]);
      const elsewhere = { ...run, environment: "nowhere" as EnvironmentName };
      assert.deepEqual(await stores.lanes.waiting(elsewhere), []);
    });

    void test("a new run wakes the one that has the lane, and invalidates its pass", async () => {
      const { stores, wakeUp } = await make();
      await stores.runs.commit(begin(await created(stores)));
      const pass = await loaded(stores, "r-1" as RunId);
      await stores.runs.create(newRun("r-2", { at: later(300) }));
      assert.equal(await wakeUp("r-1" as RunId), later(300));
      assert.equal((await stores.runs.commit(goOn(pass, 1))).kind, "conflict");
    });

    void test("an unknown run is not there", async () => {
      const { stores } = await make();
      assert.equal(await stores.runs.load("r-none" as RunId), null);
    });
  });

  void describe("committing a decision", () => {
    void test("run, lane, events, records and the wake-up are written", async () => {
      const { stores, wakeUp } = await make();
      const before = await created(stores);
      const committed = await stores.runs.commit(begin(before));
      assert.equal(committed.kind, "committed");
      const pass = await loaded(stores, before.run.id);
      assert.deepEqual(pass.run, committed.kind === "committed" ? committed.run : null);
      assert.equal(pass.run.revision, before.run.revision + 1);
      assert.equal(pass.run.generation, 1);
      assert.equal(pass.run.state.kind, "forward");
      assert.equal(pass.lane.activeRun, before.run.id);
      assert.equal(pass.lane.generation, 1);
      assert.equal(pass.lane.revision, before.lane.revision + 1);
      assert.equal(await wakeUp(before.run.id), later(1_000));
      const [event] = await stores.history.events(before.run.id, 0, 10);
      assert.deepEqual([event?.type, event?.at, event?.step], ["run.began", T0, null]);
      const record = (await stores.audit.read("hello.production", 1, 10))[0];
      assert.deepEqual([record?.action, record?.subject], ["run.began", "r-1"]);
      assert.equal(record?.why, "it begins");
    });

    void test("a pass that only waits leaves generation, lane and chain as they are", async () => {
      const { stores, wakeUp } = await make();
      await stores.runs.commit(begin(await created(stores)));
      const before = await loaded(stores, "r-1" as RunId);
      await stores.runs.commit(idle(before, later(9_000)));
      const after = await loaded(stores, "r-1" as RunId);
      assert.equal(after.run.revision, before.run.revision + 1);
      assert.equal(after.run.generation, before.run.generation);
      assert.deepEqual(after.lane, before.lane);
      assert.deepEqual(after.run.because, [{ code: "waiting", text: "nothing to do" }]);
      assert.equal(await wakeUp(before.run.id), later(10_000));
    });

    void test("the generation rises above everything that was seen of it", async () => {
      const { stores } = await make();
      const before = await created(stores);
      await stores.runs.commit({ ...begin(before), observedGeneration: 41 });
      const pass = await loaded(stores, before.run.id);
      assert.deepEqual([pass.run.generation, pass.lane.generation], [42, 42]);
      await stores.runs.commit({ ...idle(pass), observedGeneration: 50 });
      const again = await loaded(stores, before.run.id);
      assert.deepEqual([again.run.generation, again.lane.generation], [50, 50]);
    });

    void test("of many who decide on the same look exactly one wins", async () => {
      const { stores } = await make();
      const before = await created(stores);
      const commits = Array.from({ length: 8 }, () => stores.runs.commit(begin(before)));
      const kinds = (await Promise.all(commits)).map((one) => one.kind);
      assert.equal(kinds.filter((kind) => kind === "committed").length, 1);
      const pass = await loaded(stores, before.run.id);
      assert.equal(pass.run.revision, before.run.revision + 1);
      assert.equal((await stores.history.events(before.run.id, 0, 100)).length, 1);
      assert.equal(await stores.audit.head("hello.production"), 2);
    });

    void test("a conflict writes nothing, and wakes the run again", async () => {
      const { stores, wakeUp, handedOut } = await make();
      const stale = await created(stores);
      await stores.runs.commit(begin(stale));
      const before = await loaded(stores, stale.run.id);
      const lost = await stores.runs.commit({ ...goOn(stale, 3, [TASK]), at: later(500) });
      assert.equal(lost.kind, "conflict");
      assert.deepEqual(await loaded(stores, stale.run.id), before);
      assert.equal((await stores.history.events(stale.run.id, 0, 10)).length, 1);
      assert.deepEqual(await handedOut(), []);
      assert.equal(await wakeUp(stale.run.id), later(500));
    });

    void test("a lane that another run took meanwhile is a conflict", async () => {
      const { stores } = await make();
      await created(stores, "r-1");
      await stores.runs.create(newRun("r-2"));
      const second = await loaded(stores, "r-2" as RunId);
      const first = await loaded(stores, "r-1" as RunId);
      const kinds = (
        await Promise.all([stores.runs.commit(begin(first)), stores.runs.commit(begin(second))])
      ).map((one) => one.kind);
      assert.deepEqual(kinds.toSorted(), ["committed", "conflict"]);
    });

    void test("level effects are returned under their keys, once effects also kept", async () => {
      const { stores, handedOut } = await make();
      const committed = await stores.runs.commit(begin(await created(stores), [LEVEL, TASK]));
      assert.ok(committed.kind === "committed");
      const key = { service: "hello", environment: "production", run: "r-1", generation: 1 };
      assert.deepEqual(committed.effects, [
        { key: { ...key, ordinal: 0 }, body: LEVEL },
        { key: { ...key, ordinal: 1 }, body: TASK },
      ]);
      const { effects } = await loaded(stores, "r-1" as RunId);
      const effect = { key: { ...key, ordinal: 1 }, body: TASK };
      assert.deepEqual(effects, [{ effect, state: "pending", outcome: null }]);
      assert.deepEqual(await handedOut(), ["r-1/1/1"]);
    });

    void test("a run that was planned anew keeps its new plan", async () => {
      const { stores } = await make();
      const before = await created(stores);
      const commit = begin(before);
      const plan = planFor("hello", "2.0.0");
      const run = { ...commit.decision.run, plan };
      await stores.runs.commit({ ...commit, decision: { ...commit.decision, run } });
      assert.deepEqual((await loaded(stores, before.run.id)).run.plan, plan);
      assert.deepEqual(await stores.history.lastPlan(before.run), plan);
    });

    void test("the end frees the lane, wakes who waits and notes the chain's head", async () => {
      const { stores, wakeUp } = await make();
      await stores.runs.commit(begin(await created(stores)));
      await stores.runs.create(newRun("r-2"));
      const waiting = await loaded(stores, "r-2" as RunId);
      await stores.runs.commit(idle(waiting, later(60_000)));
      const before = await loaded(stores, "r-1" as RunId);
      await stores.runs.commit({ ...end(before), at: later(2_000) });
      const pass = await loaded(stores, "r-2" as RunId);
      assert.equal(pass.lane.activeRun, null);
      assert.equal(pass.lane.stable?.release, "hello@1.1.0");
      assert.equal(await wakeUp("r-2" as RunId), later(2_000));
      assert.equal(await stores.history.nextWake("r-1" as RunId), null);
      const anchor = (await stores.audit.read("control", 0, 10)).at(-1);
      assert.deepEqual(anchor?.data, {
        chain: "hello.production",
        seq: pass.lane.auditSeq,
        hash: pass.lane.auditHash,
      });
    });

    void test("who ends in the queue wakes whoever is behind it", async () => {
      const { stores, wakeUp } = await make();
      const first = await created(stores);
      await stores.runs.create(newRun("r-2"));
      const behind = await loaded(stores, "r-2" as RunId);
      await stores.runs.commit(idle(behind, later(60_000)));
      const pass = await loaded(stores, first.run.id);
      await stores.runs.commit({ ...end(pass), at: later(2_000) });
      assert.equal(await wakeUp("r-2" as RunId), later(2_000));
    });

    void test("an ended run cannot go on, and an unfinished one cannot stop waking", async () => {
      const { stores } = await make();
      const before = await created(stores);
      const asleep = { ...idle(before), decision: { ...idle(before).decision, wakeAt: null } };
      await assert.rejects(stores.runs.commit(asleep), /has no next wake-up/);
      await stores.runs.commit(end(before));
      const ended = await loaded(stores, before.run.id);
      await assert.rejects(stores.runs.commit(goOn(ended, 1)), /must not go on/);
    });
  });
};

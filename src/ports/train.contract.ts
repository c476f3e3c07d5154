// What every store promises about trains: each side sees how the other stands, and hears of what it
// has to know.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { instant, releaseId } from "../core/ids.ts";
import type { Digest, ReleaseId, RunId, ServiceName } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { Origin } from "../core/run.ts";
import { trainDefinition, trainRelease } from "../core/train/train.testing.ts";
import { trainBackPlan } from "../core/train/train-back.ts";
import { trainPlan } from "../core/train/train-plan.ts";
import { ALICE, begin, end, loaded, newRun, planFor, T0 } from "./store.testing.ts";
import type { NewRun } from "./store.ts";
import type { MakeStore, Stores } from "./store.testing.ts";

const LATER = instant(T0 + 60_000);
const TRAIN = "r-train" as RunId;

const TAKES = {
  from: { kind: "release" },
  how: "manual",
  approval: null,
  calendar: null,
  emergency: null,
} as const;

const PLAN: Plan = trainPlan({
  service: "shop" as ServiceName,
  environment: planFor("api", "2").environment,
  train: trainDefinition({ api: [], web: ["api"] }),
  takes: TAKES,
  release: trainRelease(["api", "web"]),
  from: null,
});

const member = (stores: Stores, id: string, service: string, kind: Origin["kind"] = "train") =>
  stores.runs.create(
    newRun(id, {
      plan: planFor(service, "2"),
      origin: { kind, by: ALICE, reason: null, emergency: null, train: TRAIN },
    }),
  );

const setUp = async (make: MakeStore) => {
  const made = await make();
  await made.stores.runs.create(newRun(TRAIN, { plan: PLAN }));
  return made;
};

export const trainContract = (make: MakeStore): void => {
  void describe("trains", () => {
    void test("of two trains with a member in common, asked for at once, one begins", async () => {
      const { stores } = await make();
      const named = (name: string): NewRun => {
        const id = `${name}@2` as ReleaseId;
        const plan = trainPlan({
          service: name as ServiceName,
          environment: PLAN.environment,
          train: { ...trainDefinition({ api: [], web: ["api"] }), name: name as ServiceName },
          takes: TAKES,
          release: { ...trainRelease(["api", "web"]), id },
          from: null,
        });
        return newRun(`r-${name}`, { plan });
      };
      const names = Array.from({ length: 8 }, (_, at) => `t${at}` as ServiceName);
      const beside = { trains: names, members: ["web"] as readonly string[] as ServiceName[] };
      const ask = (name: string) => stores.runs.createAlone(named(name), beside);
      const made = await Promise.all(names.map(ask));
      const begun = made.flatMap((one) => (one.kind === "created" ? [one.run.id] : []));
      assert.equal(begun.length, 1);
      for (const one of made) assert.equal(one.kind === "inTheWay" ? one.run : begun[0], begun[0]);
      const [first] = begun;
      const again = await stores.runs.createAlone(named(first!.slice(2)), beside);
      assert.equal(again.kind === "created" && again.run.id, first, "asked twice, it is there");
      const apart = { trains: names, members: ["other"] as readonly string[] as ServiceName[] };
      const elsewhere = names.find((name) => `r-${name}` !== first)!;
      assert.equal((await stores.runs.createAlone(named(elsewhere), apart)).kind, "created");
    });
    void test("a settled train is in nobody's way", async () => {
      const { stores } = await setUp(make);
      await stores.runs.commit(begin(await loaded(stores, TRAIN)));
      await stores.runs.commit(end(await loaded(stores, TRAIN)));
      const trains = [PLAN.service];
      const members = ["api"] as readonly string[] as ServiceName[];
      const plan = { ...PLAN, service: "other" as ServiceName, hash: "sha256:o" as Digest };
      const made = await stores.runs.createAlone(newRun("r-o", { plan }), { trains, members });
      assert.equal(made.kind, "created");
    });
    void test("a train sees the lanes and the runs of its members", async () => {
      const { stores } = await setUp(make);
      const nothing = { stable: null, idle: true, runs: [] };
      assert.deepEqual((await loaded(stores, TRAIN)).members, [
        { service: "api", ...nothing },
        { service: "web", ...nothing },
      ]);
      const api = await member(stores, "r-api", "api");
      await stores.runs.commit(begin(await loaded(stores, api.id)));
      await stores.runs.commit(end(await loaded(stores, api.id)));
      await member(stores, "r-back", "api", "rollback");
      const run = { state: "queued", settled: null, from: null, noReturn: null, why: null };
      assert.deepEqual((await loaded(stores, TRAIN)).members, [
        {
          service: "api",
          stable: planFor("api", "2").release.id,
          idle: true,
          runs: [
            { ...run, run: "r-api", way: "forward", state: "ended", settled: "succeeded" },
            { ...run, run: "r-back", way: "back" },
          ],
        },
        { service: "web", ...nothing },
      ]);
    });

    void test("a train that is taken back sees what its run brought", async () => {
      const { stores } = await setUp(make);
      await member(stores, "r-api", "api");
      const back = trainBackPlan({ id: TRAIN, plan: PLAN }, null, "immediate");
      await stores.runs.create(newRun("r-taken", { plan: back ?? assert.fail("a train") }));
      const origin = { kind: "rollback", by: ALICE, reason: null, emergency: null } as const;
      await stores.runs.create(
        newRun("r-leaves", {
          plan: planFor("api", "1"),
          origin: { ...origin, train: "r-taken" as RunId },
        }),
      );
      const { members = [] } = await loaded(stores, "r-taken" as RunId);
      assert.deepEqual(
        members.map(({ runs }) => runs.map(({ run, way }) => `${run} ${way}`)),
        [["r-api forward", "r-leaves back"], []],
      );
    });

    void test("a member sees its train, and a run of its own sees none", async () => {
      const { stores } = await setUp(make);
      const api = await member(stores, "r-api", "api");
      const forward = { run: TRAIN, way: "forward", settled: false, tier: null };
      assert.deepEqual((await loaded(stores, api.id)).train, forward);
      await stores.runs.commit(end(await loaded(stores, TRAIN)));
      assert.deepEqual((await loaded(stores, api.id)).train, { ...forward, settled: true });
      const own = await stores.runs.create(newRun("r-own"));
      const pass = await loaded(stores, own.id);
      assert.deepEqual([pass.train, pass.members], [undefined, undefined]);
    });

    void test("each side wakes the other when it has turned or settled", async () => {
      const { stores, wakeUp } = await setUp(make);
      const api = await member(stores, "r-api", "api");
      const asleep = async (id: RunId): Promise<void> => {
        const pass = await loaded(stores, id);
        const sleeping = { ...begin(pass), at: T0 };
        const decision = { ...sleeping.decision, wakeAt: LATER };
        await stores.runs.commit({ ...sleeping, decision });
      };
      await asleep(api.id);
      await asleep(TRAIN);
      assert.equal(await wakeUp(TRAIN), LATER);
      await stores.runs.commit(end(await loaded(stores, api.id)));
      assert.notEqual(await wakeUp(TRAIN), LATER);
      const web = await member(stores, "r-web", "web");
      await asleep(web.id);
      assert.equal(await wakeUp(web.id), LATER);
      await stores.runs.commit(end(await loaded(stores, TRAIN)));
      assert.notEqual(await wakeUp(web.id), LATER);
    });

    void test("a release of a train keeps what it brings", async () => {
      const { stores } = await make();
      const members = [releaseId("api" as ServiceName, "2"), "web@2" as ReleaseId];
      const release = {
        id: "shop@2" as ReleaseId,
        service: "shop" as ServiceName,
        version: "2",
        artifact: "sha256:1" as Digest,
        bytes: 0,
        files: 0,
        author: ALICE,
        createdAt: T0,
        members,
      };
      assert.equal((await stores.releases.add(release)).kind, "added");
      assert.deepEqual(await stores.releases.get(release.id), release);
      assert.equal((await stores.releases.add({ ...release, members: [] })).kind, "exists");
      assert.deepEqual((await stores.releases.get(release.id))?.members, members);
    });
  });
};

// Releases of trains, and what a train orders of its members: the same order begins nothing twice,
// and one that comes too late nothing at all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CANARY, RUNTIME, planOf, playbook } from "../../core/decide.testing.ts";
import type { EffectKey, MemberEffect } from "../../core/effect.ts";
import { releaseId } from "../../core/ids.ts";
import type { Actor, ReleaseId, RunId, ServiceName } from "../../core/ids.ts";
import { newRun } from "../../core/new-run.ts";
import type { Plan, Release } from "../../core/plan.ts";
import type { LaneKey } from "../../core/lane.ts";
import type { Definitions, TrainDefinition } from "../../core/playbook.ts";
import type { Run } from "../../core/run.ts";
import { trainDefinition, trainRelease } from "../../core/train/train.testing.ts";
import { trainPlan } from "../../core/train/train-plan.ts";
import type { StoredRelease } from "../../ports/catalog.ts";
import type { Beside, NewRun } from "../../ports/store.ts";
import { deploy } from "./begin.ts";
import { createInClear, requireClearTrack } from "./clear-track.ts";
import { createTrain } from "./create-train.ts";
import { NOW, deskOf, refusedWith } from "./desk.testing.ts";
import { orderMember } from "./order-member.ts";

const ALICE = "alice" as Actor;
const TRAIN = "r-train" as RunId;
const { environment, route } = planOf("1.1", null, playbook([CANARY]));
const takes = {
  from: { kind: "release" },
  how: "manual",
  approval: null,
  calendar: null,
  emergency: null,
} as const;
const place = { environment, playbook: "test", instances: 1, runtime: RUNTIME, route };
const train = trainDefinition({ web: ["api"], api: [] }, { environments: [environment] });

const definitions = {
  services: ["api", "web"].map((name) => ({ name: name as ServiceName, environments: [place] })),
  environments: [{ name: environment, tier: "production", takes }],
  playbooks: [playbook([CANARY], { onNewer: "supersede" })],
  calendars: [],
  checklists: [],
  groups: [],
  rollouts: [],
  trains: [train],
} as unknown as Definitions;

const release = (id: string): Release => ({ ...trainRelease([]), id: id as ReleaseId });

const make = (state: Run["state"] = { kind: "forward" } as Run["state"]) => {
  const kept = new Map<ReleaseId, StoredRelease>();
  const created: NewRun[] = [];
  const plan = trainPlan({
    service: train.name,
    environment,
    train,
    takes,
    release: trainRelease(["api", "web"]),
    from: null,
  });
  const emergency = { until: NOW };
  const origin = { kind: "manual", by: ALICE, reason: null, emergency } as const;
  const run = { ...newRun({ id: TRAIN, seq: 1, plan, origin, at: NOW }), state };
  const { desk } = deskOf(definitions, {
    catalog: {
      definitions: async () => definitions,
      release: async (id: ReleaseId) => (/^(api|web)@2$/.test(id) ? release(id) : null),
      releaseIds: async () => ["api@2"],
      addRelease: async (one: StoredRelease) => {
        const there = kept.get(one.id) ?? one;
        kept.set(one.id, there);
        return there;
      },
    },
    runs: {
      load: async (id: RunId) => (id === TRAIN ? { run } : null),
      create: async (one: NewRun) => (created.push(one), newRun({ ...one, seq: 2 })),
    },
  });
  return { desk, kept, created };
};

const named = (...releases: readonly string[]) => releases as readonly ReleaseId[];
const shop = releaseId(train.name, "7");

test("a release of a train is what it brings, in whatever order that is named", async () => {
  const { desk, kept } = make();
  const asked = { release: shop, author: ALICE };
  await createTrain(desk, { ...asked, members: named("api@2", "web@2") });
  assert.deepEqual(kept.get(shop)?.members, ["web@2", "api@2"]);
  await createTrain(desk, { ...asked, members: named("web@2", "api@2") });
  const other = createTrain(desk, { ...asked, members: named("web@2") });
  await assert.rejects(other, refusedWith("release-exists"));
});

test("a release of a train brings releases that are there, one of a member", async () => {
  const wrong: readonly [string, readonly string[], string][] = [
    ["shop@7", ["other@1"], "not-a-member"],
    ["shop@7", ["api@2", "api@2"], "duplicate-member"],
    ["shop@7", ["api@9"], "unknown-release"],
    ["shap@7", ["api@2"], "unknown-train"],
    ["shop@", ["api@2"], "bad-version"],
  ];
  for (const [id, members, code] of wrong) {
    const { desk, kept } = make();
    const asked = { release: id as ReleaseId, members: named(...members), author: ALICE };
    await assert.rejects(createTrain(desk, asked), refusedWith(code), code);
    assert.equal(kept.size, 0);
  }
});

const KEY: EffectKey = {
  service: train.name,
  environment,
  run: TRAIN,
  generation: 3,
  ordinal: 0,
};

const MEMBER: MemberEffect = {
  kind: "member",
  way: "forward",
  service: "api" as ServiceName,
  release: "api@2" as ReleaseId,
  to: null,
  tier: "immediate",
  anyway: false,
};

test("a member's run knows its train, and makes way for no newer release", async () => {
  const { desk, created } = make();
  const first = await orderMember(desk, KEY, MEMBER);
  const again = await orderMember(desk, { ...KEY, generation: 9 }, MEMBER);
  assert.deepEqual(first, again);
  assert.equal(first.kind === "applied" && first.detail, created[0]?.id);
  assert.equal(created[0]?.id, created[1]?.id, "the same order under the same name");
  const { plan, origin } = created[0] ?? assert.fail("nothing was created");
  assert.deepEqual([origin.kind, origin.train, origin.by], ["train", TRAIN, ALICE]);
  assert.equal(plan.onNewer, "queue");
});

test("nobody begins for a train that has turned round; what cannot begin says why", async () => {
  const { desk, created } = make({ kind: "back" } as Run["state"]);
  const late = await orderMember(desk, KEY, MEMBER);
  assert.equal(late.kind === "refused" && late.code, "train-over");
  const missing = { ...MEMBER, release: "api@9" as ReleaseId };
  const unknown = await orderMember(make().desk, KEY, missing);
  assert.equal(unknown.kind === "refused" && unknown.code, "unknown-release");
  assert.deepEqual(created, []);
});

test("what somebody has taken back already is not taken back again", async () => {
  const { desk, created } = make({ kind: "back" } as Run["state"]);
  const back: MemberEffect = { ...MEMBER, way: "back", to: "api@1" as ReleaseId };
  assert.deepEqual(await orderMember(desk, KEY, back), {
    kind: "applied",
    detail: "nothing to do",
  });
  assert.deepEqual(created, []);
});

/** Another train with `common`, under way in the environment or settled there. */
const beside = (
  common: string,
  settled: Run["settled"],
  { byHand = false, queued = false } = {},
) => {
  const other = trainDefinition({ [common]: [] }, { environments: [environment] });
  const named: TrainDefinition = { ...other, name: "other" as ServiceName };
  const plan = trainPlan({
    service: named.name,
    environment,
    train: named,
    takes,
    release: { ...trainRelease([common]), id: "other@1" as ReleaseId },
    from: null,
  });
  const origin = { kind: "manual", by: ALICE, reason: null, emergency: null } as const;
  const run = { ...newRun({ id: "r-o" as RunId, seq: 1, plan, origin, at: NOW }), settled };
  const both = { ...definitions, trains: [train, named] };
  const { desk } = deskOf(both, {
    catalog: { definitions: async () => both },
    lanes: {
      get: async ({ service }: LaneKey) => (service === "other" && !queued ? LANE : null),
      waiting: async ({ service }: LaneKey) =>
        service === "other" && queued ? [{ run: "r-o" }] : [],
    },
    runs: { load: async (id: RunId) => ({ run: { ...run, id }, waiting: [] }) },
  });
  const key = { service: train.name, environment };
  const release = trainRelease(["api", "web"]);
  if (byHand) {
    const catalog = { ...desk.catalog, release: async () => release };
    const asked = { by: ALICE, reason: null, emergency: false, supersede: false };
    return deploy({ ...desk, catalog }, { ...key, ...asked, release: release.id });
  }
  return requireClearTrack(desk, both, key, release);
};
const LANE = { activeRun: "r-o" };

test("two trains that share a member do not go at once, and the other one is named", async () => {
  await assert.rejects(beside("api", null), (error: Error) => {
    assert.ok(refusedWith("train-in-the-way")(error));
    assert.match(error.message, /other@1 is under way with api: r-o/);
    return true;
  });
  for (const how of [{ byHand: true }, { queued: true }, { byHand: true, queued: true }]) {
    await assert.rejects(beside("api", null, how), refusedWith("train-in-the-way"));
  }
  await beside("search", null);
  await beside("api", { outcome: "succeeded", at: NOW });
});

test("one that came in the way at the very moment is named, and nothing is begun", async () => {
  const release = trainRelease(["api", "web"]);
  const [own, others] = [train, { ...train, name: "other" as ServiceName }].map((one) => {
    const id = `${one.name}@1` as ReleaseId;
    const input = { environment, train: one, takes, release: { ...release, id }, from: null };
    return trainPlan({ ...input, service: one.name });
  });
  const origin = { kind: "manual", by: ALICE, reason: null, emergency: null } as const;
  const given = (id: string, plan: Plan) => ({ id: id as RunId, plan, origin, at: NOW });
  const asked: Beside[] = [];
  const other = newRun({ ...given("r-o", others!), seq: 1 });
  const both = { ...definitions, trains: [train, { ...train, name: other.service }] };
  const { desk } = deskOf(both, {
    runs: {
      load: async () => ({ run: other }),
      createAlone: async (_: NewRun, beside: Beside) => {
        asked.push(beside);
        return { kind: "inTheWay", run: other.id };
      },
    },
  });
  await assert.rejects(createInClear(desk, both, given("r-1", own!)), (error: Error) => {
    assert.ok(refusedWith("train-in-the-way")(error));
    assert.match(error.message, /other@1 is under way with api, web: r-o/);
    return true;
  });
  assert.deepEqual(asked, [{ trains: ["other"], members: ["api", "web"] }]);
});

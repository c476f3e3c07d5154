// What every store promises about releases, definitions and the past.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { CANARY, playbook, ROLLING } from "../core/decide.testing.ts";
import { instant } from "../core/ids.ts";
import type { Digest, EnvironmentName, ReleaseId, RunId, ServiceName } from "../core/ids.ts";
import type { Definitions } from "../core/playbook.ts";
import type { StoredRelease } from "./catalog.ts";
import { ALICE, begin, created, end, loaded, newRun, planFor, T0 } from "./store.testing.ts";
import type { MakeStore } from "./store.testing.ts";

const PRODUCTION = "production" as EnvironmentName;

const release = (service: string, version: string): StoredRelease => ({
  id: `${service}@${version}` as ReleaseId,
  service: service as ServiceName,
  version,
  artifact: `sha256:${version}` as Digest,
  bytes: 5_000_000_000,
  files: 3,
  author: ALICE,
  createdAt: T0,
});

const definitions = (...names: readonly string[]): Definitions => ({
  services: [],
  environments: [],
  playbooks: names.map((name) => playbook([CANARY], { name })),
  calendars: [],
  checklists: [],
  groups: [],
  rollouts: [],
  databases: [],
  blobStores: [],
});

const change = (given: Definitions, text = "as written") => ({
  definitions: given,
  sources: [{ path: "playbooks.yaml", text }],
  by: ALICE,
  at: T0,
});

export const catalogContract = (make: MakeStore): void => {
  void describe("releases", () => {
    void test("a release is kept as it was added, with its record", async () => {
      const { stores } = await make();
      const added = await stores.releases.add(release("hello", "1.0.0"));
      assert.deepEqual(added, { kind: "added", release: release("hello", "1.0.0") });
      assert.deepEqual(await stores.releases.get(added.release.id), release("hello", "1.0.0"));
      const [record] = await stores.audit.read("control", 0, 10);
      assert.deepEqual([record?.action, record?.subject], ["release.created", "hello@1.0.0"]);
    });

    void test("a release that is there stays as it is", async () => {
      const { stores } = await make();
      await stores.releases.add(release("hello", "1.0.0"));
      const other = { ...release("hello", "1.0.0"), artifact: "sha256:other" as Digest };
      const again = await stores.releases.add(other);
      assert.deepEqual(again, { kind: "exists", release: release("hello", "1.0.0") });
      assert.equal(await stores.audit.head("control"), 1);
    });

    void test("lists are newest first, of one service or of all", async () => {
      const { stores } = await make();
      for (const version of ["1.0.0", "1.1.0", "0.9.0"]) {
        await stores.releases.add(release("hello", version));
      }
      await stores.releases.add(release("other", "1.0.0"));
      const ids = async (service: string | null, limit: number) =>
        (await stores.releases.list(service as ServiceName | null, limit)).map((one) => one.id);
      assert.deepEqual(await ids("hello", 2), ["hello@0.9.0", "hello@1.1.0"]);
      assert.deepEqual((await ids(null, 9)).length, 4);
      assert.equal(await stores.releases.get("none@1" as ReleaseId), null);
    });
  });

  void describe("definitions", () => {
    void test("nothing is in force before the first time", async () => {
      const { stores } = await make();
      assert.equal(await stores.definitions.current(), null);
      assert.deepEqual(await stores.definitions.sources(), []);
    });

    void test("applying replaces all, says what changed, and keeps what was", async () => {
      const { stores } = await make();
      const first = await stores.definitions.apply(change(definitions("a", "b", "c")));
      assert.deepEqual([first.version, first.changed], [1, true]);
      assert.deepEqual(first.added, ["playbook/a", "playbook/b", "playbook/c"]);
      const next: Definitions = {
        ...definitions("a"),
        playbooks: [...definitions("a").playbooks, playbook([ROLLING], { name: "b" })],
      };
      const second = await stores.definitions.apply(change(next, "other text"));
      assert.deepEqual(second, {
        version: 2,
        changed: true,
        added: [],
        updated: ["playbook/b"],
        retired: ["playbook/c"],
      });
      assert.deepEqual(await stores.definitions.current(), next);
      assert.equal((await stores.definitions.sources())[0]?.text, "other text");
      const versions = await stores.definitions.history("playbook", "c", 10);
      assert.deepEqual(
        versions.map((one) => [one.version, one.hash === null, one.by]),
        [
          [2, true, ALICE],
          [1, false, ALICE],
        ],
      );
      assert.equal(await stores.audit.head("control"), 2);
    });

    void test("calendars, checklists and groups have versions of their own", async () => {
      const { stores } = await make();
      const more: Definitions = {
        ...definitions(),
        calendars: [{ name: "days", zone: "UTC", allow: [], deny: [], spreadMs: 0 }],
        checklists: [{ name: "before", items: [] }],
        groups: [{ name: "managers", members: ["bob"] }],
      };
      const { added } = await stores.definitions.apply(change(more));
      assert.deepEqual(added, ["calendar/days", "checklist/before", "group/managers"]);
      assert.deepEqual(await stores.definitions.current(), more);
      const [group] = await stores.definitions.history("group", "managers", 10);
      assert.deepEqual(group?.body, more.groups[0]);
    });

    void test("the same again changes nothing", async () => {
      const { stores } = await make();
      await stores.definitions.apply(change(definitions("a")));
      const again = await stores.definitions.apply(change(definitions("a")));
      assert.deepEqual([again.version, again.changed], [1, false]);
      assert.equal(await stores.audit.head("control"), 1);
    });

    void test("several at once are applied one after the other", async () => {
      const { stores } = await make();
      const names = ["a", "b", "c", "d"];
      const applied = await Promise.all(
        names.map((name) => stores.definitions.apply(change(definitions(name)))),
      );
      const versions = new Set(applied.map((one) => one.version));
      assert.deepEqual(versions, new Set([1, 2, 3, 4]));
      const current = await stores.definitions.current();
      assert.equal(current?.playbooks.length, 1);
    });
  });

  void describe("the past", () => {
    void test("runs are found by service, environment and state, newest first", async () => {
      const { stores } = await make();
      await stores.runs.commit(end(await created(stores, "r-1")));
      await stores.runs.create(newRun("r-2"));
      await stores.runs.create(newRun("r-3", { plan: planFor("other", "1.0.0") }));
      const find = async (filter: object) =>
        (
          await stores.history.list({
            service: null,
            environment: null,
            state: null,
            limit: 10,
            ...filter,
          })
        ).map((run) => run.id);
      assert.deepEqual(await find({}), ["r-3", "r-2", "r-1"]);
      assert.deepEqual(await find({ limit: 1 }), ["r-3"]);
      assert.deepEqual(await find({ service: "hello" }), ["r-2", "r-1"]);
      assert.deepEqual(await find({ environment: "nowhere" }), []);
      assert.deepEqual(await find({ state: "active" }), ["r-3", "r-2"]);
      assert.deepEqual(await find({ state: "ended" }), ["r-1"]);
      assert.deepEqual(await find({ state: "succeeded" }), ["r-1"]);
      assert.deepEqual(await find({ state: "failed" }), []);
    });

    void test("a listed run is the run that a pass would load", async () => {
      const { stores } = await make();
      await stores.runs.commit(begin(await created(stores)));
      const filter = { service: null, environment: null, state: null, limit: 1 };
      const [listed] = await stores.history.list(filter);
      assert.deepEqual(listed, (await loaded(stores, "r-1" as RunId)).run);
      assert.equal(await stores.history.nextWake("r-1" as RunId), instant(T0 + 1_000));
    });

    void test("ids are found by how they begin", async () => {
      const { stores } = await make();
      for (const id of ["r-abc", "r-abd", "r-x_%"]) await stores.runs.create(newRun(id));
      assert.deepEqual(await stores.history.idsLike("r-ab", 10), ["r-abd", "r-abc"]);
      assert.deepEqual(await stores.history.idsLike("r-ab", 1), ["r-abd"]);
      assert.deepEqual(await stores.history.idsLike("r-x_", 10), ["r-x_%"]);
      assert.deepEqual(await stores.history.idsLike("r_", 10), []);
    });

    void test("what was crossed since a release was good here is known", async () => {
      const { stores } = await make();
      const lane = { service: "hello" as ServiceName, environment: PRODUCTION };
      const settle = async (id: string, version: string, noReturn: string | null) => {
        const run = newRun(id, { plan: planFor("hello", version) });
        const commit = end(await loaded(stores, (await stores.runs.create(run)).id));
        const { decision } = commit;
        await stores.runs.commit({
          ...commit,
          decision: { ...decision, run: { ...decision.run, noReturn } },
        });
      };
      const crossed = (version: string) =>
        stores.history.crossedSince(lane, `hello@${version}` as ReleaseId);
      await settle("r-1", "1.0", "deploy-drop");
      await settle("r-2", "1.1", null);
      assert.deepEqual(await crossed("1.0"), []);
      await settle("r-3", "1.2", "deploy-shrink");
      await settle("r-4", "1.3", "deploy-rename");
      assert.deepEqual(await crossed("1.0"), [
        { run: "r-4", step: "deploy-rename" },
        { run: "r-3", step: "deploy-shrink" },
      ]);
      assert.deepEqual(await crossed("1.2"), [{ run: "r-4", step: "deploy-rename" }]);
      assert.deepEqual([await crossed("1.3"), await crossed("9.9")], [[], []]);
      const elsewhere = { ...lane, environment: "staging" as EnvironmentName };
      assert.deepEqual(await stores.history.crossedSince(elsewhere, "hello@1.0" as ReleaseId), []);
    });

    void test("where a release succeeded is known", async () => {
      const { stores } = await make();
      const pass = await created(stores);
      const lane = { service: pass.run.service, environment: PRODUCTION };
      assert.equal(await stores.history.succeeded(lane, pass.run.plan.release.id), null);
      await stores.runs.commit(end(pass));
      const found = await stores.history.succeeded(lane, pass.run.plan.release.id);
      assert.equal(found?.id, "r-1");
      assert.equal(await stores.history.succeeded(lane, "hello@9.9.9" as ReleaseId), null);
    });
  });
};

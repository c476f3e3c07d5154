// What every store promises about standing facts: what is said of releases, places and people, and
// which runs hear of it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { verifyChain } from "../core/audit-verify.ts";
import type { Digest, EnvironmentName, ReleaseId, RunId, ServiceName } from "../core/ids.ts";
import { instant } from "../core/ids.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { NewStanding, StandingFilter } from "./store.ts";
import {
  ALICE,
  begin,
  created,
  end,
  goOn,
  idle,
  loaded,
  newRun,
  planFor,
  T0,
} from "./store.testing.ts";
import type { MakeStore, Stores } from "./store.testing.ts";

const later = (ms: number) => instant(T0 + ms);
const DAY_MS = 86_400_000;
const R1 = "r-1" as RunId;
const HELLO = "hello" as ServiceName;
const OTHER = "other" as ServiceName;
const RELEASE = "hello@1.1.0" as ReleaseId;
const PRODUCTION = "production" as EnvironmentName;
const STAGING = "staging" as EnvironmentName;

const FREEZE: StandingBody = { kind: "freeze", reason: "peak season" };
const report = (name: string): StandingBody => ({
  kind: "evidence",
  evidence: {
    format: "values",
    name,
    digest: `sha256:${name}` as Digest,
    values: { coverage: { unit: "percent", value: 81.5 }, signed: { unit: "claim", value: true } },
    findings: [{ id: "CVE-2026-1", severity: "high", subject: "left-pad", declared: null }],
  },
});

const fact = (id: string, more: Partial<NewStanding> = {}): NewStanding => ({
  id,
  by: ALICE,
  at: T0,
  from: T0,
  until: null,
  release: null,
  service: null,
  environment: null,
  body: FREEZE,
  ...more,
});

const ALL: StandingFilter = {
  kind: null,
  release: null,
  service: null,
  environment: null,
  at: null,
  limit: 100,
};

const namesIn = (facts: readonly Standing[]): readonly string[] =>
  facts.map(({ body }) => ("reason" in body ? body.reason : body.kind));

/** A freeze that is told from others by its reason. */
const named = (id: string, more: Partial<NewStanding> = {}): NewStanding =>
  fact(id, { body: { kind: "freeze", reason: id }, ...more });

const listed = async (stores: Stores, filter: Partial<StandingFilter>) =>
  namesIn(await stores.standing.list({ ...ALL, ...filter }));

const seenBy = async (stores: Stores, run: RunId) => namesIn((await loaded(stores, run)).standing);

export const standingContract = (make: MakeStore): void => {
  void describe("saying something that stands", () => {
    void test("it is kept as it was said, with its record", async () => {
      const { stores } = await make();
      const until = later(5_000);
      const given = fact("e-1", { release: RELEASE, until, body: report("coverage.xml") });
      const said = await stores.standing.add(given);
      const { id, ...rest } = given;
      assert.deepEqual(said, { ...rest, seq: said.seq, ended: null });
      assert.deepEqual(await stores.standing.get(said.seq), said);
      assert.deepEqual(await stores.standing.list(ALL), [said]);
      const [record] = await stores.audit.read("control", 0, 10);
      assert.deepEqual(
        [record?.action, record?.subject, record?.by],
        ["standing.evidence", RELEASE, ALICE],
      );
      assert.equal(record?.data["id"], id);
      assert.equal(await stores.standing.get(said.seq + 1), null);
    });

    void test("the reason is in the record, and whom it concerns", async () => {
      const { stores } = await make();
      await stores.standing.add(fact("f-1", { service: HELLO, environment: PRODUCTION }));
      await stores.standing.add(fact("f-2", { environment: PRODUCTION }));
      await stores.standing.add(fact("f-3"));
      const records = await stores.audit.read("control", 0, 10);
      assert.deepEqual(
        records.map(({ subject, why }) => [subject, why]),
        ["hello.production", "production", "everything"].map((one) => [one, "peak season"]),
      );
      assert.equal(verifyChain("control", records), null);
    });

    void test("the same id again changes nothing and gives what is there", async () => {
      const { stores } = await make();
      const first = await stores.standing.add(fact("f-1"));
      const other = fact("f-1", { at: later(5), until: later(9), service: HELLO });
      assert.deepEqual(await stores.standing.add(other), first);
      assert.deepEqual(await stores.standing.list(ALL), [first]);
      assert.equal(await stores.audit.head("control"), 1);
    });

    void test("said many times at once it is there once, and the chain is whole", async () => {
      const { stores } = await make();
      await created(stores);
      const ids = Array.from({ length: 12 }, (_, at) => `f-${at % 4}`);
      const added = await Promise.all(ids.map((id) => stores.standing.add(fact(id))));
      const seqs = added.map(({ seq }) => seq);
      assert.equal(new Set(seqs).size, 4);
      const records = await stores.audit.read("control", 0, 100);
      assert.equal(records.length, 4);
      assert.equal(verifyChain("control", records), null);
    });

    void test("text that a database cannot keep as it is does no harm", async () => {
      const { stores } = await make();
      const body: StandingBody = { kind: "freeze", reason: "NUL \0 and half a \ud83d pair" };
      const { seq } = await stores.standing.add(fact("f-1", { body }));
      await stores.standing.end(seq, ALICE, later(1), "over \0");
      assert.equal(verifyChain("control", await stores.audit.read("control", 0, 9)), null);
    });
  });

  void describe("ending what stands", () => {
    void test("it says who ended it, when and why, with its record", async () => {
      const { stores } = await make();
      const said = await stores.standing.add(fact("f-1", { environment: PRODUCTION }));
      const bob = "bob" as typeof ALICE;
      const ended = await stores.standing.end(said.seq, bob, later(9), "it is over");
      const word = { by: bob, at: later(9), reason: "it is over" };
      assert.deepEqual(ended, { ...said, ended: word });
      assert.deepEqual(await stores.standing.get(said.seq), ended);
      const record = (await stores.audit.read("control", 1, 10))[0];
      assert.deepEqual(
        [record?.action, record?.by, record?.why, record?.subject],
        ["standing.ended", "bob", "it is over", "production"],
      );
    });

    void test("what is over stays as it is, and what was never said is not there", async () => {
      const { stores } = await make();
      const short = await stores.standing.add(fact("f-1", { until: later(5) }));
      const said = await stores.standing.add(fact("f-2"));
      const ended = await stores.standing.end(said.seq, ALICE, later(9), "enough");
      assert.deepEqual(await stores.standing.end(said.seq, ALICE, later(10), "again"), ended);
      assert.deepEqual(await stores.standing.end(short.seq, ALICE, later(5), "late"), short);
      assert.equal(await stores.standing.end(said.seq + 9, ALICE, later(9), "what?"), null);
      assert.equal(await stores.audit.head("control"), 3);
    });

    void test("of many who end it one does", async () => {
      const { stores } = await make();
      const { seq } = await stores.standing.add(fact("f-1"));
      const ending = Array.from({ length: 6 }, (_, at) =>
        stores.standing.end(seq, ALICE, later(at), `${at}`),
      );
      const results = await Promise.all(ending);
      for (const one of results) assert.deepEqual(one?.ended, results[0]?.ended);
      assert.equal(await stores.audit.head("control"), 2);
    });
  });

  void describe("listing what stands", () => {
    void test("newest first, of a kind, and no more than asked for", async () => {
      const { stores } = await make();
      await stores.standing.add(named("a"));
      await stores.standing.add(fact("e-1", { release: RELEASE, body: report("x") }));
      await stores.standing.add(named("b"));
      assert.deepEqual(await listed(stores, {}), ["b", "evidence", "a"]);
      assert.deepEqual(await listed(stores, { limit: 1 }), ["b"]);
      assert.deepEqual(await listed(stores, { kind: "freeze" }), ["b", "a"]);
      assert.deepEqual(await listed(stores, { kind: "waiver" }), []);
    });

    void test("what concerns it: said of it, or of anything that it is part of", async () => {
      const { stores } = await make();
      await stores.standing.add(named("all"));
      await stores.standing.add(named("hello", { service: HELLO }));
      await stores.standing.add(named("production", { environment: PRODUCTION }));
      await stores.standing.add(named("lane", { service: HELLO, environment: PRODUCTION }));
      await stores.standing.add(named("release", { release: RELEASE }));
      await stores.standing.add(named("other", { release: "other@1" as ReleaseId }));
      const of = async (filter: Partial<StandingFilter>) =>
        (await listed(stores, filter)).toReversed();
      const known = ["all", "hello", "production", "lane", "release"];
      assert.deepEqual(await of({ service: HELLO }), known);
      assert.deepEqual(await of({ service: OTHER }), ["all", "production", "other"]);
      assert.deepEqual(await of({ environment: STAGING }), ["all", "hello", "release", "other"]);
      assert.deepEqual(await of({ release: RELEASE }), known);
      const lane = { service: HELLO, environment: PRODUCTION };
      assert.deepEqual(await of({ ...lane, release: RELEASE }), known);
    });

    void test("at a moment: in force then or later, and not what is over", async () => {
      const { stores } = await make();
      await stores.standing.add(named("short", { until: later(5) }));
      await stores.standing.add(named("open"));
      await stores.standing.add(named("soon", { from: later(50), until: later(60) }));
      const { seq } = await stores.standing.add(named("ended", { until: later(90) }));
      await stores.standing.end(seq, ALICE, later(7), "enough");
      const at = (ms: number) => listed(stores, { at: later(ms) });
      assert.deepEqual(await at(4), ["ended", "soon", "open", "short"]);
      assert.deepEqual(await at(5), ["ended", "soon", "open"]);
      assert.deepEqual(await at(7), ["soon", "open"]);
      assert.deepEqual(await at(60), ["open"]);
      assert.equal((await listed(stores, {})).length, 4);
    });
  });

  void describe("what a pass is given", () => {
    void test("what concerns its release, its lane or everything, oldest first", async () => {
      const { stores } = await make();
      await created(stores);
      await stores.standing.add(named("all"));
      await stores.standing.add(named("release", { release: RELEASE }));
      await stores.standing.add(named("lane", { service: HELLO, environment: PRODUCTION }));
      await stores.standing.add(named("release in lane", { release: RELEASE, service: HELLO }));
      await stores.standing.add(named("soon", { service: HELLO, from: later(9_000) }));
      await stores.standing.add(named("no 1", { service: OTHER }));
      await stores.standing.add(named("no 2", { environment: STAGING }));
      await stores.standing.add(named("no 3", { release: RELEASE, environment: STAGING }));
      await stores.standing.add(named("no 4", { release: "hello@2.0.0" as ReleaseId }));
      const expected = ["all", "release", "lane", "release in lane", "soon"];
      assert.deepEqual(await seenBy(stores, R1), expected);
      const facts = (await loaded(stores, R1)).standing;
      const all = await stores.standing.list(ALL);
      for (const one of facts) assert.deepEqual(one, all.find(({ seq }) => seq === one.seq));
    });

    void test("nothing that somebody ended, nor what has long been over", async () => {
      const { stores } = await make();
      await created(stores);
      await stores.standing.add(named("over", { until: later(5), service: HELLO }));
      const { seq } = await stores.standing.add(named("ended"));
      await stores.standing.add(named("report", { release: RELEASE, until: later(6) }));
      assert.deepEqual(await seenBy(stores, R1), ["over", "ended", "report"]);
      await stores.standing.end(seq, ALICE, later(9), "enough");
      await stores.standing.add(named("a day later", { at: later(2 * DAY_MS) }));
      assert.deepEqual(await seenBy(stores, R1), ["a day later"]);
      assert.equal((await listed(stores, {})).length, 4);
    });

    void test("of many reports the newest two hundred", async () => {
      const { stores } = await make();
      await created(stores);
      await stores.standing.add(named("first", { release: RELEASE }));
      for (let at = 0; at < 203; at += 1) {
        await stores.standing.add(fact(`e-${at}`, { release: RELEASE, body: report(`${at}`) }));
      }
      const { standing } = await loaded(stores, R1);
      const names = standing.flatMap(({ body }) =>
        body.kind === "evidence" ? [Number(body.evidence.name)] : [],
      );
      assert.deepEqual([standing.length, names[0], names.at(-1)], [201, 3, 202]);
    });

    void test("where its release is known good now", async () => {
      const { stores } = await make();
      const staging = { ...planFor("hello", "1.1.0"), environment: STAGING };
      await stores.runs.create(newRun("r-s", { plan: staging }));
      await stores.runs.create(newRun("r-2"));
      const verifiedIn = async () => (await loaded(stores, "r-2" as RunId)).verifiedIn;
      assert.deepEqual(await verifiedIn(), []);
      await stores.runs.commit(end(await loaded(stores, "r-s" as RunId)));
      assert.deepEqual(await verifiedIn(), [STAGING]);
      await stores.runs.create(newRun("r-3", { plan: planFor("hello", "9.9.9") }));
      assert.deepEqual((await loaded(stores, "r-3" as RunId)).verifiedIn, []);
    });
  });

  void describe("who is woken", () => {
    /** An active and a queued run of hello, one of another release of it, one of other; and one
     * that has ended. */
    const several = async () => {
      const world = await make();
      const { stores } = world;
      await stores.runs.commit(end(await created(stores, "r-over")));
      await stores.runs.commit(begin(await created(stores)));
      for (const [id, plan] of [
        ["r-2", planFor("hello", "1.1.0")],
        ["r-3", planFor("hello", "2.0.0")],
        ["r-4", planFor("other", "1.0.0")],
      ] as const) {
        await stores.runs.create(newRun(id, { plan }));
      }
      const ids = ["r-1", "r-2", "r-3", "r-4"].map((id) => id as RunId);
      for (const id of ids) await stores.runs.commit(idle(await loaded(stores, id), later(1_000)));
      const woken = async (at: number) => {
        const due = await Promise.all(ids.map((id) => world.wakeUp(id)));
        return ids.filter((_, index) => due[index] === later(at));
      };
      return { ...world, woken };
    };

    void test("the unfinished runs of a release", async () => {
      const { stores, woken } = await several();
      await stores.standing.add(fact("e-1", { at: later(7), release: RELEASE, body: report("x") }));
      assert.deepEqual(await woken(7), ["r-1", "r-2"]);
      assert.equal(await stores.history.nextWake("r-over" as RunId), null);
      assert.equal(await stores.history.nextWake(R1), later(7));
    });

    void test("the unfinished runs of a place, and all where it is about anything", async () => {
      const { stores, woken } = await several();
      await stores.standing.add(fact("f-1", { at: later(7), service: OTHER }));
      assert.deepEqual(await woken(7), ["r-4"]);
      await stores.standing.add(fact("f-2", { at: later(8), environment: STAGING }));
      assert.deepEqual(await woken(8), []);
      const body = { kind: "delegation", to: "bob" as typeof ALICE, reason: "away" } as const;
      await stores.standing.add(fact("d-1", { at: later(9), body }));
      assert.deepEqual(await woken(9), ["r-1", "r-2", "r-3", "r-4"]);
    });

    void test("again when it ends, and not by what was said already", async () => {
      const { stores, woken } = await several();
      const { seq } = await stores.standing.add(fact("f-1", { at: later(7), service: HELLO }));
      await stores.standing.add(fact("f-1", { at: later(8), service: HELLO }));
      assert.deepEqual(await woken(7), ["r-1", "r-2", "r-3"]);
      await stores.standing.end(seq, ALICE, later(9), "over");
      assert.deepEqual(await woken(9), ["r-1", "r-2", "r-3"]);
      await stores.standing.end(seq, ALICE, later(10), "over");
      assert.deepEqual(await woken(10), []);
    });

    void test("a decision made without it is a conflict, and that of others is not", async () => {
      const { stores } = await several();
      const before = await loaded(stores, R1);
      const other = await loaded(stores, "r-4" as RunId);
      const { seq } = await stores.standing.add(fact("f-1", { service: HELLO }));
      assert.equal((await stores.runs.commit(goOn(before, 1))).kind, "conflict");
      assert.equal((await stores.runs.commit(begin(other))).kind, "committed");
      const again = await loaded(stores, R1);
      await stores.standing.end(seq, ALICE, later(9), "over");
      assert.equal((await stores.runs.commit(idle(again))).kind, "conflict");
      const now = await loaded(stores, R1);
      assert.equal((await stores.runs.commit(goOn(now, 1))).kind, "committed");
    });

    void test("under a crowd nothing is lost and no chain breaks", async () => {
      const { stores } = await several();
      const ids = ["r-1", "r-2", "r-3", "r-4"].map((id) => id as RunId);
      await Promise.all([
        ...ids.map(async (id) => {
          for (let step = 0; step < 6; step += 1) {
            await stores.runs.commit(idle(await loaded(stores, id)));
            await stores.runs.say(id, ALICE, later(step), { kind: "resume" });
          }
        }),
        ...ids.map(async (id) => {
          const service = id === "r-4" ? OTHER : HELLO;
          for (let at = 0; at < 4; at += 1) {
            const said = await stores.standing.add(fact(`${id}-${at}`, { service }));
            if (at % 2 === 0) await stores.standing.end(said.seq, ALICE, later(at), "enough");
          }
        }),
      ]);
      assert.equal((await stores.standing.list(ALL)).length, 16);
      assert.equal((await loaded(stores, R1)).standing.length, 6);
      for (const chain of await stores.audit.chains()) {
        assert.equal(verifyChain(chain, await stores.audit.read(chain, 0, 1_000)), null);
      }
    });
  });
};

// What every store promises about facts and once effects: what people say and what machines report
// between passes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { verifyAnchors, verifyChain } from "../core/audit-verify.ts";
import { instant } from "../core/ids.ts";
import type { RunId } from "../core/ids.ts";
import {
  ALICE,
  begin,
  created,
  end,
  goOn,
  idle,
  loaded,
  newRun,
  REPEATABLE,
  T0,
  TASK,
  withEffects,
} from "./store.testing.ts";
import type { MakeStore, Stores } from "./store.testing.ts";

const R1 = "r-1" as RunId;
const CHAIN = "hello.production";
const later = (ms: number) => instant(T0 + ms);
const HOLD = { kind: "hold", reason: "let me look" } as const;

export const wordContract = (make: MakeStore): void => {
  void describe("saying something about a run", () => {
    void test("a fact is there for the next pass, is recorded and wakes the run", async () => {
      const { stores, wakeUp } = await make();
      await stores.runs.commit(begin(await created(stores)));
      const fact = await stores.runs.say(R1, ALICE, later(100), HOLD);
      assert.ok(fact !== null);
      assert.deepEqual(fact, { ...HOLD, seq: fact.seq, run: R1, by: ALICE, at: later(100) });
      assert.deepEqual((await loaded(stores, R1)).facts, [fact]);
      assert.equal(await wakeUp(R1), later(100));
      const record = (await stores.audit.read("hello.production", 2, 10))[0];
      assert.deepEqual([record?.action, record?.by], ["fact.hold", ALICE]);
      assert.equal(record?.why, HOLD.reason);
    });

    void test("facts are numbered in the order they were said", async () => {
      const { stores } = await make();
      await created(stores);
      for (let i = 0; i < 3; i += 1) await stores.runs.say(R1, ALICE, later(i), HOLD);
      await Promise.all(
        Array.from({ length: 5 }, () => stores.runs.say(R1, ALICE, later(9), { kind: "resume" })),
      );
      const seqs = (await loaded(stores, R1)).facts.map((fact) => fact.seq);
      assert.equal(seqs.length, 8);
      assert.deepEqual(seqs, [...new Set(seqs)].toSorted((a, b) => a - b));
      assert.equal(verifyChain(CHAIN, await chainOf(stores, CHAIN)), null);
    });

    void test("what is said during a pass is not slept over", async () => {
      const { stores, wakeUp } = await make();
      await stores.runs.commit(begin(await created(stores)));
      const looked = await loaded(stores, R1);
      await stores.runs.say(R1, ALICE, later(100), HOLD);
      const committed = await stores.runs.commit(idle(looked, later(200)));
      assert.equal(committed.kind, "committed");
      assert.equal(await wakeUp(R1), later(200));
      const next = await loaded(stores, R1);
      await stores.runs.commit(idle(next, later(300)));
      assert.equal(await wakeUp(R1), later(1_300));
    });

    void test("nothing can be said about a run that is not there", async () => {
      const { stores } = await make();
      assert.equal(await stores.runs.say(R1, ALICE, T0, HOLD), null);
    });

    void test("text that a database cannot keep as it is does no harm", async () => {
      const { stores } = await make();
      const before = await created(stores);
      const reason = "NUL \0, half a \ud83d pair, and \\u0000 spelt out";
      assert.notEqual(await stores.runs.say(R1, ALICE, T0, { kind: "hold", reason }), null);
      const commit = goOn(before, 1);
      const [event] = commit.decision.events;
      assert.ok(event);
      const events = [{ ...event, reasons: [{ code: "odd", text: reason }] }];
      await stores.runs.commit({ ...commit, decision: { ...commit.decision, events } });
      assert.equal(verifyChain(CHAIN, await chainOf(stores, CHAIN)), null);
    });
  });

  void describe("once effects", () => {
    void test("exactly one of many claims succeeds", async () => {
      const { stores } = await make();
      const [id = ""] = await withEffects(stores, TASK);
      const claims = Array.from({ length: 8 }, (_, i) => stores.effects.claim(id, `w${i}`, T0));
      assert.equal((await Promise.all(claims)).filter(Boolean).length, 1);
      assert.equal((await stores.effects.get(id))?.state, "started");
    });

    void test("only who has the claim beats", async () => {
      const { stores } = await make();
      const [id = ""] = await withEffects(stores, TASK);
      assert.equal(await stores.effects.beat(id, "me", T0), false);
      await stores.effects.claim(id, "me", T0);
      assert.equal(await stores.effects.beat(id, "me", later(1)), true);
      assert.equal(await stores.effects.beat(id, "you", later(1)), false);
      await stores.effects.finish(id, { kind: "applied", detail: null }, later(2));
      assert.equal(await stores.effects.beat(id, "me", later(3)), false);
    });

    void test("the first outcome counts, and wakes the run", async () => {
      const { stores, wakeUp } = await make();
      const [id = ""] = await withEffects(stores, TASK);
      await stores.effects.claim(id, "me", T0);
      await stores.effects.finish(id, { kind: "applied", detail: "done" }, later(50));
      await stores.effects.finish(id, { kind: "unknown", why: "late" }, later(60));
      const [effect] = (await loaded(stores, R1)).effects;
      assert.equal(effect?.state, "done");
      assert.deepEqual(effect?.outcome, { kind: "applied", detail: "done" });
      assert.equal(await wakeUp(R1), later(50));
    });

    void test("an outcome during a pass is not slept over", async () => {
      const { stores, wakeUp } = await make();
      const [id = ""] = await withEffects(stores, TASK);
      const looked = await loaded(stores, R1);
      await stores.effects.claim(id, "me", T0);
      await stores.effects.finish(id, { kind: "applied", detail: null }, later(50));
      await stores.runs.commit(idle(looked, later(100)));
      assert.equal(await wakeUp(R1), later(100));
    });

    void test("a silent claim expires: what may be repeated is, the rest is unknown", async () => {
      const { stores, wakeUp, handedOut } = await make();
      const [once = "", again = "", fresh = ""] = await withEffects(
        stores,
        TASK,
        REPEATABLE,
        REPEATABLE,
      );
      for (const id of [once, again, fresh]) await stores.effects.claim(id, "me", T0);
      await stores.effects.beat(fresh, "me", later(900));
      assert.equal(await stores.effects.expire(later(500), later(1_000)), 2);
      assert.equal(await stores.effects.expire(later(500), later(1_000)), 0);
      const [first, second, third] = (await loaded(stores, R1)).effects;
      assert.deepEqual([first?.state, first?.outcome?.kind], ["done", "unknown"]);
      assert.deepEqual([second?.state, second?.outcome], ["pending", null]);
      assert.equal(third?.state, "started");
      assert.ok((await handedOut()).includes(again));
      assert.equal(await wakeUp(R1), later(1_000));
      assert.equal(await stores.effects.beat(again, "me", later(1_000)), false);
      assert.equal(await stores.effects.claim(again, "you", later(1_000)), true);
    });

    void test("an unknown effect is not there and cannot be claimed", async () => {
      const { stores } = await make();
      assert.equal(await stores.effects.get("r-9/1/0"), null);
      assert.equal(await stores.effects.claim("r-9/1/0", "me", T0), false);
    });
  });

  void describe("under a crowd", () => {
    void test("decisions, words and new runs at once leave whole chains and one lane", async () => {
      const { stores } = await make();
      const ids = ["r-1", "r-2", "r-3"].map((id) => id as RunId);
      for (const id of ids) await stores.runs.create(newRun(id));
      await Promise.all([
        ...ids.map((id) => worker(stores, id)),
        ...ids.map((id) => talker(stores, id)),
        stores.runs.create(newRun("r-4")),
      ]);
      for (const id of ids) await finish(stores, id);
      const chain = await chainOf(stores, CHAIN);
      assert.equal(verifyChain(CHAIN, chain), null);
      assert.equal(chain.filter((one) => one.action === "fact.hold").length, 12);
      const control = await chainOf(stores, "control");
      const hashAt = (_: string, seq: number) => chain[seq - 1]?.hash;
      assert.equal(verifyAnchors(control, hashAt), null);
      const [lane] = await stores.lanes.all();
      assert.equal(lane?.auditSeq, chain.length);
      assert.equal(lane?.auditHash, chain.at(-1)?.hash);
    });
  });
};

const worker = async (stores: Stores, id: RunId): Promise<void> => {
  for (let step = 0; step < 6; step += 1) {
    const pass = await loaded(stores, id);
    await stores.runs.commit(step % 2 === 0 ? goOn(pass, step) : idle(pass));
  }
};

const talker = async (stores: Stores, id: RunId): Promise<void> => {
  for (let i = 0; i < 4; i += 1) await stores.runs.say(id, ALICE, later(i), HOLD);
};

const finish = async (stores: Stores, id: RunId): Promise<void> => {
  const committed = await stores.runs.commit(end(await loaded(stores, id)));
  assert.equal(committed.kind, "committed");
};

const chainOf = (stores: Stores, chain: string) => stores.audit.read(chain, 0, 10_000);

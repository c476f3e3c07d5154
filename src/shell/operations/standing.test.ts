// What may be said of releases, places and people, and what may not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { release } from "../../core/decide.testing.ts";
import type { Actor, EnvironmentName, ReleaseId, ServiceName } from "../../core/ids.ts";
import { later } from "../../core/ids.ts";
import type { Definitions } from "../../core/playbook.ts";
import { NOW, deskOf, refusedWith } from "./desk.testing.ts";
import { delegate, endStanding, freeze, recordChange, waive } from "./standing.ts";

const ALICE = "alice" as Actor;
const BOB = "bob" as Actor;
const DAY_MS = 86_400_000;
const HELLO = "hello" as ServiceName;
const PRODUCTION = "production" as EnvironmentName;

const definitions = {
  services: [{ name: HELLO, environments: [] }],
  environments: [{ name: PRODUCTION }],
} as unknown as Definitions;
const make = () => deskOf(definitions);

const FREEZE = {
  by: ALICE,
  reason: "peak season",
  service: null,
  environment: PRODUCTION,
  from: null,
  until: null,
};
const WAIVER = {
  by: ALICE,
  reason: "not reachable",
  release: release("1.1").id,
  what: "CVE-2026-1",
  owner: BOB,
  until: later(NOW, DAY_MS),
};
const AWAY = { by: ALICE, to: BOB, reason: "holiday", from: null, until: later(NOW, DAY_MS) };

test("a freeze holds from now until somebody ends it, unless told otherwise", async () => {
  const { desk } = make();
  const said = await freeze(desk, FREEZE);
  assert.deepEqual([said.from, said.until, said.by], [NOW, null, ALICE]);
  assert.deepEqual([said.service, said.environment], [null, PRODUCTION]);
  const from = later(NOW, 5);
  const until = later(NOW, 9);
  const other = await freeze(desk, { ...FREEZE, service: HELLO, from, until });
  assert.deepEqual([other.service, other.from, other.until], [HELLO, from, until]);
});

test("a freeze of what does not exist would freeze nothing, and is refused", async () => {
  const { desk, said } = make();
  const nowhere = { ...FREEZE, environment: "prodution" as EnvironmentName };
  await assert.rejects(freeze(desk, nowhere), refusedWith("unknown-environment"));
  const nothing = { ...FREEZE, service: "helo" as ServiceName };
  await assert.rejects(freeze(desk, nothing), refusedWith("unknown-service"));
  assert.deepEqual(said, []);
});

test("a period ends after it begins, after now, and within a year of its beginning", async () => {
  const { desk, said } = make();
  const period = (fromMs: number, untilMs: number) =>
    freeze(desk, { ...FREEZE, from: later(NOW, fromMs), until: later(NOW, untilMs) });
  for (const [from, until] of [
    [5, 5],
    [5, 4],
    [-9, 0],
    [0, 366 * DAY_MS + 1],
    [366 * DAY_MS + 1, 366 * DAY_MS + 2],
  ] as const) {
    await assert.rejects(period(from, until), refusedWith("bad-period"), `${from} to ${until}`);
  }
  assert.equal(said.length, 0);
  await period(0, 366 * DAY_MS);
  await period(366 * DAY_MS, 2 * 366 * DAY_MS);
  await period(-9, 1);
});

test("a waiver has a finding, a reason, an owner and an end", async () => {
  const { desk } = make();
  const said = await waive(desk, WAIVER);
  const { what, reason, owner } = WAIVER;
  assert.deepEqual(said.body, { kind: "waiver", what, reason, owner });
  assert.deepEqual([said.release, said.until], [WAIVER.release, WAIVER.until]);
  await assert.rejects(waive(desk, { ...WAIVER, reason: " " }), refusedWith("no-reason"));
  await assert.rejects(waive(desk, { ...WAIVER, what: "" }), refusedWith("no-finding"));
  await assert.rejects(waive(desk, { ...WAIVER, owner: "" as Actor }), refusedWith("no-owner"));
  await assert.rejects(waive(desk, { ...WAIVER, until: NOW }), refusedWith("bad-period"));
});

test("a release that does not exist can be told nothing", async () => {
  const { desk } = make();
  const none = "hello@9.9.9" as ReleaseId;
  const change = { by: ALICE, id: "CHG-1", state: "approved", url: null } as const;
  await assert.rejects(waive(desk, { ...WAIVER, release: none }), refusedWith("unknown-release"));
  await assert.rejects(
    recordChange(desk, { ...change, release: none }),
    refusedWith("unknown-release"),
  );
});

test("a change record is kept with its state and its address", async () => {
  const { desk } = make();
  const change = { id: "CHG-1", state: "approved", url: "https://example.com/CHG-1" } as const;
  const said = await recordChange(desk, { by: ALICE, release: release("1.1").id, ...change });
  assert.deepEqual(said.body, { kind: "changeRecord", ...change });
});

test("somebody away is stood in for by somebody else", async () => {
  const { desk } = make();
  const said = await delegate(desk, AWAY);
  assert.deepEqual(said.body, { kind: "delegation", to: BOB, reason: "holiday" });
  assert.deepEqual([said.release, said.service, said.environment], [null, null, null]);
  await assert.rejects(delegate(desk, { ...AWAY, to: ALICE }), refusedWith("bad-delegation"));
  await assert.rejects(delegate(desk, { ...AWAY, to: "" as Actor }), refusedWith("no-person"));
});

test("what stands is ended by its number and its kind, once and with a reason", async () => {
  const { desk } = make();
  const { seq } = await freeze(desk, FREEZE);
  const word = { by: BOB, seq, reason: "it is over" };
  const wrong = { ...word, kind: "waiver" } as const;
  await assert.rejects(endStanding(desk, wrong), refusedWith("unknown-waiver"));
  const right = { ...word, kind: "freeze" } as const;
  await assert.rejects(endStanding(desk, { ...right, seq: 99 }), refusedWith("unknown-freeze"));
  await assert.rejects(endStanding(desk, { ...right, reason: "" }), refusedWith("no-reason"));
  const ended = await endStanding(desk, right);
  assert.deepEqual(ended.ended, { by: BOB, at: NOW, reason: "it is over" });
  await assert.rejects(endStanding(desk, right), refusedWith("already-over"));
});

// The stores in memory against the contract of all stores.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Instant, RunId } from "../../core/ids.ts";
import { catalogContract } from "../../ports/catalog.contract.ts";
import { sightingsContract } from "../../ports/sightings.contract.ts";
import { standingContract } from "../../ports/standing.contract.ts";
import { storeContract } from "../../ports/store.contract.ts";
import { begin, created } from "../../ports/store.testing.ts";
import type { StoreUnderTest } from "../../ports/store.testing.ts";
import { trainContract } from "../../ports/train.contract.ts";
import { wordContract } from "../../ports/word.contract.ts";
import { memoryStore } from "./store.ts";

const make = async (): Promise<StoreUnderTest> => {
  const wakes = new Map<RunId, Instant | null>();
  const pending: string[] = [];
  const hooks = {
    wake: (run: RunId, at: Instant | null) => void wakes.set(run, at),
    pending: (id: string) => void pending.push(id),
  };
  return {
    stores: memoryStore({ hooks, audit: "sealed" }),
    wakeUp: async (run) => wakes.get(run) ?? null,
    handedOut: async () => pending,
  };
};

storeContract(make);
wordContract(make);
catalogContract(make);
standingContract(make);
sightingsContract(make);
trainContract(make);

void test("without a chain, a store works the same and keeps no record", async () => {
  const hooks = { wake: () => {}, pending: () => {} };
  const stores = memoryStore({ hooks, audit: "off" });
  const committed = await stores.runs.commit(begin(await created(stores)));
  assert.equal(committed.kind, "committed");
  assert.deepEqual(await stores.audit.chains(), []);
});

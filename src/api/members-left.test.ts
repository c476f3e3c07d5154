// What the members of a train left, as whoever looks at the train is told.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReleaseId, RunId, ServiceName } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { StoredPass } from "../ports/store.ts";
import { membersLeft } from "./members-left.ts";
import type { ApiParts } from "./parts.ts";
import { sampleRun } from "./sample-parts.testing.ts";

const back = (service: string, leaves: readonly string[]): Run => {
  const run = sampleRun({ id: `r-${service}` as RunId, service: service as ServiceName });
  const release = `${service}@1.2.0` as ReleaseId;
  const left = leaves.map((step) => ({ step, release }));
  const plan = { ...run.plan, strategy: "rollback" as const };
  return { ...run, plan: left.length === 0 ? plan : { ...plan, leaves: left } };
};

const stored = (run: Run): StoredPass => ({ run, effects: [], facts: [] }) as unknown as StoredPass;

const told = async (train: Run, runs: readonly Run[]): Promise<readonly string[]> => {
  const load = async (id: RunId) => stored(runs.find((one) => one.id === id) ?? train);
  const parts = { runs: { load } } as unknown as Pick<ApiParts, "runs">;
  const members = runs.map(({ id, service }) => ({
    service,
    stable: null,
    idle: true,
    runs: [{ run: "r-forward" as RunId }, { run: id }],
  }));
  const given = { ...stored(train), members } as unknown as StoredPass;
  return (await membersLeft(parts, given)).map(({ text }) => text);
};

const trainRun = (breach: Run["breach"]): Run => {
  const run = sampleRun({ breach });
  return { ...run, plan: { ...run.plan, strategy: "train" } };
};
const TURNED = {
  at: 0,
  trigger: "web is lost",
  weight: 0,
  reasons: [],
} as unknown as Run["breach"];

test("each member tells what it left, under its name", async () => {
  const runs = [back("api", ["deploy-migrate"]), back("web", [])];
  assert.deepEqual(await told(trainRun(TURNED), runs), [
    "api: deploy-migrate of 1.2.0 stays as it is: nobody but a person takes it back any more",
  ]);
});

test("as long as it goes forward nothing is left, nor by what is no train", async () => {
  const runs = [back("api", ["deploy-migrate"])];
  assert.deepEqual(await told(trainRun(null), runs), []);
  assert.deepEqual(await told(sampleRun({ breach: TURNED }), runs), []);
});

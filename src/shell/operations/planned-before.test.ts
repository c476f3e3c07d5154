// Who applies other definitions is told of the runs that do not follow them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, ROLLING, RUNTIME, planOf, playbook } from "../../core/decide.testing.ts";
import type { Actor, EnvironmentName, RunId } from "../../core/ids.ts";
import { newRun } from "../../core/new-run.ts";
import type { Definitions, DeployItem } from "../../core/playbook.ts";
import type { Run } from "../../core/run.ts";
import { deploy } from "./begin.ts";
import { deskOf } from "./desk.testing.ts";
import { plannedBefore } from "./planned-before.ts";

const { service, route } = planOf("1.1", null, playbook([CANARY]));
const LIVE = "live" as EnvironmentName;
const TAKES = { from: { kind: "release" }, how: "manual", approval: null } as const;
const NOTHING = {
  calendars: [],
  checklists: [],
  groups: [],
  rollouts: [],
  databases: [],
  blobStores: [],
} as const;

const definitions = (strategy: DeployItem, more: Partial<Definitions> = {}): Definitions => ({
  ...NOTHING,
  services: [
    {
      name: service,
      environments: [
        { environment: LIVE, playbook: "test", instances: 1, runtime: RUNTIME, route },
      ],
    },
  ],
  environments: [
    { name: LIVE, tier: "production", takes: { ...TAKES, calendar: null, emergency: null } },
  ],
  playbooks: [playbook([strategy])],
  ...more,
});

/** As it was begun by these definitions. */
const begunBy = async (before: Definitions): Promise<Run> => {
  const { desk, created } = deskOf(before);
  const asked = { by: "alice" as Actor, reason: null, emergency: false, supersede: false };
  const key = { service, environment: LIVE };
  await deploy(desk, {
    ...key,
    ...asked,
    release: planOf("1.1", null, playbook([CANARY])).release.id,
  });
  const [made] = created;
  return newRun({ ...(made ?? assert.fail("nothing was begun")), seq: 1 });
};

const toldAfter = async (run: Run, now: Definitions) => {
  const lane = { service, environment: LIVE, activeRun: run.id, stable: null, knownGood: [] };
  const { desk } = deskOf(now, {
    lanes: { all: async () => [lane], get: async () => lane, waiting: async () => [] },
    runs: { load: async (id: RunId) => (id === run.id ? { run, lane } : null) },
  });
  return await plannedBefore(desk);
};

test("a run that would be planned otherwise now is told, with what plans it anew", async () => {
  const run = await begunBy(definitions(CANARY));
  const [told, ...more] = await toldAfter(run, definitions(ROLLING));
  assert.deepEqual(more, []);
  assert.equal(told?.code, "planned-before");
  assert.match(told.where ?? "", new RegExp(`${run.id}, hello 1.1 → live`, "u"));
  assert.match(
    told.hint ?? "",
    /sluice abort \S+ --reason TEXT, then sluice deploy hello live 1.1$/u,
  );
});

test("a run that no definition exists for any more is told too", async () => {
  const run = await begunBy(definitions(CANARY));
  const told = await toldAfter(run, definitions(CANARY, { services: [] }));
  assert.deepEqual(
    told.map(({ code }) => code),
    ["planned-before"],
  );
});

test("one that is not touched by the change is not, nor is one that goes back", async () => {
  const run = await begunBy(definitions(CANARY));
  const groups = [{ name: "others", members: ["bob"] }];
  assert.deepEqual(await toldAfter(run, definitions(CANARY, { groups })), []);
  const back = { ...run, origin: { ...run.origin, kind: "rollback" as const } };
  assert.deepEqual(await toldAfter(back, definitions(ROLLING)), []);
});

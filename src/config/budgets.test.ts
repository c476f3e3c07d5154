// Times that cannot hold, found by arithmetic: told, and refused by nobody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { warningsOf } from "./budgets.ts";
import { parseDefinitions } from "./parse.ts";

const warnings = (text: string): readonly string[] =>
  warningsOf(parseDefinitions([{ path: "a.yaml", text }])).map(
    ({ code, where, message }) => `${code} ${where}: ${message}`,
  );

const playbook = (text: string): readonly string[] =>
  warnings(`kind: Playbook\nname: web\n${text}`);

const CANARY = "canary: { steps: [5%, 25%, 50%, 100%], bake: 15m, stability: 30m }";

test("bakes that add up to more than the target are told with both figures", () => {
  assert.deepEqual(playbook(`within: 30m\ndeploy: [{ ${CANARY} }]`), [
    "over-target playbook web within: bakes add up to 75 min, the target is 30 min",
  ]);
  assert.deepEqual(playbook(`within: 75m\ndeploy: [{ ${CANARY} }]`), []);
  assert.deepEqual(playbook(`deploy: [{ ${CANARY} }]`), []);
});

test("first waits of probes count, wherever they stand", () => {
  const verify = "verify: { paths: [/], initialWait: 90s }";
  const deploy = `deploy: [{ recreate: { stability: 0s, ${verify} } }]\nafter: [{ ${verify} }]`;
  assert.deepEqual(playbook(`within: 2m\n${deploy}`), [
    "over-target playbook web within: first waits add up to 3 min, the target is 2 min",
  ]);
  assert.deepEqual(playbook(`within: 3m\n${deploy.replace("0s", "1s")}`), [
    "over-target playbook web within: bakes and first waits add up to 3m 1s, the target is 3 min",
  ]);
});

test("a verification that cannot fit into the rollback's time is told", () => {
  const probes = "verify: { paths: [/], attempts: 10, interval: 30s }";
  assert.deepEqual(playbook(`deploy: [{ recreate: { ${probes} } }]`), [
    "verify-over-rollback playbook web rollback.within: verifying a release may take 5m 20s " +
      "(10 x 30s), rollback.within is 5 min",
  ]);
  assert.deepEqual(playbook(`rollback: { within: 6m }\ndeploy: [{ recreate: { ${probes} } }]`), []);
});

test("undos count where an automatic rollback carries them out", () => {
  const migrate = "migrate: { up: ./up, down: ./down, phase: expand, within: 20m }";
  const deploy = `deploy: [{ ${migrate} }, { recreate: {} }]`;
  assert.deepEqual(playbook(deploy), []);
  assert.deepEqual(playbook(`${deploy}\nrollback: { tier: gradual }`), [
    "undo-over-rollback playbook web rollback.within: taking back its steps may take 20 min, " +
      "rollback.within is 5 min",
  ]);
});

test("a restore counts with the backup before it, where a rollback goes so far by itself", () => {
  const database =
    "kind: BlobStore\nname: local\nfolder: backups\n---\nkind: Database\nname: main\n" +
    "url: secret:local/url\nbackup: { to: local, encrypt: secret:local/key, within: 4m }\n---\n";
  const backup = "before: [{ backup: { database: main, undo: restore } }]";
  const text = `${database}kind: Playbook\nname: web\n${backup}\ndeploy: [{ recreate: {} }]\n`;
  assert.deepEqual(warnings(text), []);
  assert.deepEqual(warnings(`${text}rollback: { tier: full }\n`), [
    "undo-over-rollback playbook web rollback.within: taking back its steps may take 8 min, " +
      "rollback.within is 5 min",
  ]);
});

test("shares of the way back that do not fit into its time are told", () => {
  const deploy = "deploy: [{ recreate: {} }]";
  const shares = 'traffic: ["50%", "10%", "0%"]';
  assert.deepEqual(playbook(`${deploy}\nrollback: { ${shares}, within: 4m }`), [
    "traffic-over-rollback playbook web rollback.traffic: the shares of the way back add up to " +
      "4 min, nine tenths of rollback.within are 3m 36s",
  ]);
  assert.deepEqual(playbook(`${deploy}\nrollback: { ${shares}, within: 5m }`), []);
  assert.deepEqual(playbook(`${deploy}\nrollback: { ${shares}, within: 1m, bake: 27s }`), []);
});

test("a contract before the traffic moves is told, behind it is not", () => {
  const contract = "migrate: { name: drop, up: ./drop, phase: contract }";
  assert.deepEqual(playbook(`before: [{ ${contract} }]\ndeploy: [{ recreate: {} }]`), [
    "contract-before-traffic playbook web drop: drop is a contract migration before the traffic " +
      "moves: from there on nothing goes back by itself",
  ]);
  assert.deepEqual(playbook(`deploy: [{ recreate: {} }, { ${contract} }]`), []);
});

test("who is in no group is told where there are groups", () => {
  const text = "kind: Playbook\nname: web\nbefore: [{ approval: { from: [release-team] } }]\n";
  const deploy = "deploy: [{ recreate: {} }]\n";
  assert.deepEqual(warnings(text + deploy), []);
  assert.deepEqual(warnings(`${text}${deploy}---\nkind: Group\nname: ops\nmembers: [alice]\n`), [
    "in-no-group playbook web: release-team is no group and in none, so it is taken for a person",
  ]);
});

test("a trigger that has to hold for longer than all bakes together is told", () => {
  const deploy = "deploy: [{ canary: { steps: [10%, 100%], bake: 2m, stability: 1m } }]";
  const when = "[errorRate > 5% for 20m, p95 > 1s for 3m]";
  assert.deepEqual(playbook(`${deploy}\nrollback: { when: ${when} }`), [
    "trigger-over-bakes playbook web rollback.when: errorRate > 5% for 20m can hardly ever hold: " +
      "its bakes add up to 3 min",
  ]);
});

test("what each tier takes back is held against its own time", () => {
  const migrate = "migrate: { up: ./up, down: ./down, phase: expand, within: 20m }";
  const deploy = `deploy: [{ ${migrate} }, { recreate: {} }]`;
  const within = (times: string): readonly string[] =>
    playbook(`${deploy}\nrollback: { within: ${times} }`);
  assert.deepEqual(within("{ immediate: 5m, gradual: 30m, full: 2h }"), []);
  const over = "taking back its steps may take 20 min, rollback.within";
  assert.deepEqual(within("{ immediate: 5m, gradual: 10m }"), [
    `undo-over-rollback playbook web rollback.within.gradual: ${over}.gradual is 10 min`,
    `undo-over-rollback playbook web rollback.within.full: ${over}.full is 10 min`,
  ]);
});

test("shares are held against the time of the tier that has them", () => {
  const shares = "traffic: [50%, 10%, 0%], bake: 10m, tier: gradual";
  const text = (times: string): string =>
    `deploy: [{ canary: { steps: [100%] } }]\nrollback: { ${shares}, within: ${times} }`;
  assert.deepEqual(playbook(text("{ gradual: 30m }")), []);
  assert.deepEqual(playbook(text("{ gradual: 20m }")), [
    "traffic-over-rollback playbook web rollback.traffic: the shares of the way back add up to " +
      "20 min, nine tenths of rollback.within.gradual are 18 min",
  ]);
});

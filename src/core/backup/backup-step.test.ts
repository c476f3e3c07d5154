// A backup in a plan: of the database that its environment has.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EnvironmentName, ServiceName } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { backupId, backupName } from "./backup.ts";
import { backupSteps } from "./backup-step.ts";
import type { Database } from "./database.ts";

const URLS = { all: "postgresql://all/app", production: "${secret:local/app}" };
const database = (more: Partial<Database> = {}): Database => ({
  name: "main",
  address: null,
  environments: { production: URLS.production, development: null },
  backup: {
    store: { kind: "folder", name: "local", folder: "backups" },
    key: "${secret:local/key}",
    keep: { count: 1, ageMs: null },
    programs: null,
    scratch: null,
    withinMs: 60_000,
  },
  ...more,
});

const stepsIn = (environment: string, given: Database) => {
  const action = {
    kind: "backup",
    name: "backup",
    database: given,
    verify: true,
    attempts: 2,
  } as const;
  const lane = { service: "hello" as ServiceName, environment: environment as EnvironmentName };
  return backupSteps(action, "before-backup", lane);
};

const addressIn = (environment: string, given: Database): unknown => {
  const [step, ...others] = stepsIn(environment, given);
  assert.deepEqual(others, []);
  return step?.task.kind === "backup"
    ? [step.task.target.environment, step.task.target.address]
    : null;
};

test("an environment's own database comes before that of all", () => {
  assert.deepEqual(addressIn("production", database()), ["production", URLS.production]);
  const both = database({ address: URLS.all });
  assert.deepEqual(addressIn("production", both), ["production", URLS.production]);
  assert.deepEqual(addressIn("staging", both), [null, URLS.all]);
});

test("where nothing is backed up there is no step", () => {
  assert.deepEqual(stepsIn("development", database({ address: URLS.all })), []);
});

test("a database that says nothing of an environment refuses the plan", () => {
  for (const environment of ["staging", "toString", "__proto__"]) {
    assert.throws(
      () => stepsIn(environment, database()),
      (error) => error instanceof Refusal && error.code === "database-not-there",
    );
  }
});

test("it may be run again, and holds its policy's time", () => {
  const [step] = stepsIn("production", database());
  assert.deepEqual(
    [step?.repeatable, step?.attempts, step?.deadlineMs, step?.undo, step?.migration],
    [true, 2, 60_000, null, null],
  );
});

test("an id says what it is of, and nothing else is an id", () => {
  const name = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
  const stamp = fc.stringMatching(/^[0-9]{8}-[0-9]{6}-[a-z0-9]{6}$/);
  const fields = { database: name, environment: fc.option(name), stamp };
  const names = fc.record(fields, { noNullPrototype: true });
  fc.assert(fc.property(names, (given) => assert.deepEqual(backupName(backupId(given)), given)));
  for (const id of [
    "",
    "main",
    "a.b.c.d",
    "../x.20261121-063000-abcdef",
    "main.20261121-063000-ABCDEF",
  ]) {
    assert.equal(backupName(id), null, id);
  }
});

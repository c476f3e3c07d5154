// Which database somebody means, and what they are told where nothing of that name is there.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backup } from "../../core/backup/backup.ts";
import type { BackupTarget, Database } from "../../core/backup/database.ts";
import { instant } from "../../core/ids.ts";
import type { Actor } from "../../core/ids.ts";
import type { Definitions } from "../../core/playbook.ts";
import { Refusal } from "../../core/refusal.ts";
import { listBackups, makeBackup, oneBackup } from "./backups.ts";
import type { BackupDesk } from "./backups.ts";

const SIGNAL = new AbortController().signal;
const STAMP = "20261121-063000-abcdef";

const database = (name: string, environments: readonly string[], all = false): Database => ({
  name,
  address: all ? "postgresql://all/app" : null,
  environments: {
    ...Object.fromEntries(environments.map((one) => [one, `postgresql://${one}/app`])),
    development: null,
  },
  backup: {
    store: { kind: "folder", name: "local", folder: name },
    key: "",
    keep: { count: 1, ageMs: null },
    programs: null,
    scratch: null,
    withinMs: 1,
  },
});

const backupOf = ({ database: name, environment }: BackupTarget): Backup => ({
  id: [name, environment, STAMP].filter((part) => part !== null).join("."),
  database: name,
  environment,
  begunAt: instant(0),
  by: "alice",
  run: null,
  state: { kind: "running", until: instant(1) },
  restored: null,
});

const desk = (): BackupDesk => {
  const never = (): never => assert.fail("nobody asked for that");
  const databases = [
    database("main", ["staging", "production"]),
    database("lone", ["production"]),
    database("shared", [], true),
    database("away", ["production"]),
  ];
  return {
    catalog: { definitions: async () => ({ databases }) as unknown as Definitions },
    stopping: SIGNAL,
    backups: {
      begin: async (target) => {
        const backup = backupOf(target);
        return { backup, ended: Promise.resolve(backup) };
      },
      list: async (target) => {
        if (target.database === "away") throw new Error("it does not answer");
        return [backupOf(target)];
      },
      get: async (target, id) => (id === backupOf(target).id ? backupOf(target) : null),
      verify: never,
      restore: never,
      putBack: never,
    },
  };
};

const made = async (name: string, environment: string | null): Promise<string> => {
  const by = "alice" as Actor;
  try {
    return (await makeBackup(desk(), { database: name, environment, verify: true, by })).id;
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return error.code;
  }
};

const TABLE: readonly (readonly [string, string | null, string])[] = [
  ["main", "production", `main.production.${STAMP}`],
  ["main", null, "unknown-database-place"],
  ["main", "development", "unknown-database-place"],
  ["lone", null, `lone.production.${STAMP}`],
  ["shared", null, `shared.${STAMP}`],
  ["shared", "production", `shared.${STAMP}`],
  ["shared", "development", "unknown-database-place"],
  ["mian", null, "unknown-database"],
];

for (const [name, environment, expected] of TABLE) {
  test(`${name} in ${environment ?? "no environment"} is ${expected}`, async () => {
    assert.equal(await made(name, environment), expected);
  });
}

test("a store that is away hides the others no more than itself", async () => {
  const all = await listBackups(desk(), { database: null, environment: null }, SIGNAL);
  assert.equal(all.backups.length, 4);
  const why = "it does not answer";
  assert.deepEqual(all.unread, [{ database: "away", environment: "production", why }]);
});

test("a backup is found by its id alone, as long as its database is defined", async () => {
  const id = `main.staging.${STAMP}`;
  assert.equal((await oneBackup(desk(), id, SIGNAL)).id, id);
  for (const [wrong, code] of [
    [`main.staging.${STAMP.replace("abcdef", "000000")}`, "unknown-backup"],
    [`main.${STAMP}`, "unknown-database-place"],
    [`other.${STAMP}`, "unknown-database"],
    ["main", "unknown-backup"],
  ] as const) {
    await assert.rejects(
      oneBackup(desk(), wrong, SIGNAL),
      (error) => error instanceof Refusal && error.code === code,
    );
  }
});

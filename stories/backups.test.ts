// Backups on the command line: begun, awaited, listed, shown, restored, and what goes wrong.

import { test } from "node:test";
import type { BackupView } from "../src/api/contract/backups.ts";
import { instant } from "../src/core/ids.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden } from "./story.testing.ts";
import { NOW } from "./views.testing.ts";

const HOUR = 3_600_000;
const ID = "main.production.20261120-110000-k3x9ab";

const contents = {
  bytes: 5_400_000,
  digest: "ab".repeat(32),
  serverVersion: "18.1",
  programVersion: "18.1",
  tables: 41,
  rows: 120_034,
};
const at = instant(NOW - HOUR + 90_000);
const good: BackupView = {
  id: ID,
  database: "main",
  environment: "production",
  begunAt: instant(NOW - HOUR),
  by: "sluice",
  run: "r1a2b3c4",
  state: { kind: "verified", at, tookMs: 40_000, contents },
  restored: null,
  interrupted: false,
};
const running: BackupView = {
  ...good,
  by: "alice",
  run: null,
  state: { kind: "running", until: instant(NOW + HOUR) },
};
const bad: BackupView = {
  ...good,
  id: "main.production.20261119-110000-a1b2c3",
  begunAt: instant(NOW - 25 * HOUR),
  state: {
    kind: "bad",
    at,
    contents,
    code: "backup-differs",
    why: "what was restored is not what was dumped: public.orders has 9 rows instead of 10",
  },
};
const into = { by: "carol", at: instant(NOW - 60_000), into: "db.example.com:5432/app_before" };
const done: BackupView = {
  ...good,
  restored: { ...into, state: { kind: "done", at: instant(NOW), tables: 41, rows: 120_034 } },
};
const failed: BackupView = {
  ...running,
  state: {
    kind: "failed",
    at,
    code: "pg-dump-too-old",
    why:
      "PATH and the usual folders: the server is PostgreSQL 18.1, and pg_dump is 15.18: an older " +
      "one does not know all that a newer server keeps (install PostgreSQL's client programs)",
  },
};

test("a backup is begun, and awaited where that is asked for", () =>
  compareWithGolden("backup-create", [
    { type: ["backup", "create", "main", "production"], replies: { makeBackup: running } },
    {
      type: ["backup", "create", "main", "production", "--wait"],
      replies: { makeBackup: running, backup: good },
    },
    { type: ["backup", "create", "main", "--wait"], replies: { makeBackup: failed } },
    {
      type: ["backup", "create", "mian"],
      replies: {
        makeBackup: refused(
          404,
          "unknown-database",
          "there is no database mian",
          "did you mean main?",
        ),
      },
    },
  ]));

test("backups are listed and shown with what is in them", () =>
  compareWithGolden("backup-list", [
    {
      type: ["backup", "list"],
      replies: {
        backups: {
          backups: [{ ...running, interrupted: true, id: `${ID.slice(0, -1)}z` }, good, bad],
          unread: [],
        },
      },
    },
    {
      type: ["backup", "list", "main"],
      replies: {
        backups: {
          backups: [],
          unread: [{ database: "main", environment: null, why: "the store does not answer" }],
        },
      },
    },
    { type: ["backup", "show", ID], replies: { backup: good } },
    { type: ["backup", "show", bad.id], replies: { backup: bad } },
    { type: ["backup", "verify", bad.id, "--wait"], replies: { verifyBackup: bad } },
  ]));

test("a backup is restored, and nothing that is there is overwritten", () =>
  compareWithGolden("backup-restore", [
    {
      type: ["backup", "restore", ID, "--into", "new:app_before", "--wait"],
      replies: {
        restoreBackup: {
          ...good,
          restored: { ...into, state: { kind: "running", until: instant(NOW + HOUR) } },
        },
        backup: done,
      },
    },
    {
      type: ["backup", "restore", ID, "--into", "new:app"],
      replies: {
        restoreBackup: refused(
          409,
          "database-exists",
          "there is a database app already",
          "choose another name",
        ),
      },
    },
    { type: ["backup", "restore", ID] },
    { type: ["backup", "restore", ID, "--into", "scratch", "--owners"] },
  ]));

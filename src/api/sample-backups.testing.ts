// One backup in memory for the API's tests.

import type { Backup } from "../core/backup/backup.ts";
import { instant } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { BackupOperations } from "./operations.ts";
import { NOW } from "./sample-plan.testing.ts";

const HOUR = 3_600_000;

const sampleBackup: Backup = {
  id: "main.production.20261120-110000-k3x9ab",
  database: "main",
  environment: "production",
  begunAt: instant(NOW - HOUR),
  by: "sluice",
  run: "r1a2b3c4",
  state: {
    kind: "verified",
    at: instant(NOW - HOUR + 90_000),
    tookMs: 40_000,
    contents: {
      bytes: 5_400_000,
      digest: "ab".repeat(32),
      serverVersion: "18.1",
      programVersion: "18.1",
      tables: 41,
      rows: 120_034,
    },
  },
  restored: null,
};

export const sampleBackups = (
  asked: { readonly what: string; readonly with: unknown }[],
): BackupOperations => {
  const ask = async (what: string, request: unknown): Promise<Backup> => {
    asked.push({ what, with: request });
    return { ...sampleBackup, state: { kind: "running", until: instant(NOW + HOUR) } };
  };
  return {
    make: (request) => ask("backup", request),
    list: async () => ({
      backups: [sampleBackup],
      unread: [{ database: "other", environment: null, why: "the store does not answer" }],
    }),
    one: async (id) => {
      if (id === sampleBackup.id) return sampleBackup;
      throw new Refusal({ code: "unknown-backup", message: `there is no backup ${id}` });
    },
    verify: (request) => ask("verifyBackup", request),
    restore: (request) => ask("restoreBackup", request),
  };
};

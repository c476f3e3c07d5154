// Backups into memory, with everything on record that a test wants to look at.

import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackupPolicy, BackupTarget } from "../../core/backup/database.ts";
import { instant } from "../../core/ids.ts";
import type { Actor } from "../../core/ids.ts";
import type { Backups } from "../../ports/backups.ts";
import type { Bytes } from "../../ports/bytes.ts";
import { someSecrets } from "../../ports/secrets.testing.ts";
import { postgresBackups } from "./backups.ts";
import type { BackupRecord } from "./place.ts";

export const ALICE = "alice" as Actor;
const KEY = randomBytes(32).toString("base64");
export const ASK = { by: ALICE, run: null, verify: true };
export const never = (): AbortSignal => new AbortController().signal;

export interface MemoryBytes extends Bytes {
  readonly held: Map<string, Buffer>;
}

const memoryBytes = (): MemoryBytes => {
  const held = new Map<string, Buffer>();
  return {
    held,
    put: async (key, source, signal) => {
      const parts: Uint8Array[] = [];
      for await (const part of source) parts.push(part);
      signal.throwIfAborted();
      const whole = Buffer.concat(parts);
      held.set(key, whole);
      return whole.length;
    },
    get: async (key) => {
      const found = held.get(key);
      if (found === undefined) return null;
      return (async function* () {
        for (let at = 0; at < found.length; at += 10_000) yield found.subarray(at, at + 10_000);
      })();
    },
    list: async (prefix) =>
      [...held.keys()]
        .filter((key) => key.startsWith(prefix))
        .toSorted()
        .map((key) => ({ key, bytes: held.get(key)?.length ?? 0, at: instant(0) })),
    delete: async (key) => void held.delete(key),
  };
};

export interface Bench {
  readonly backups: Backups;
  readonly bytes: MemoryBytes;
  readonly records: BackupRecord[];
  readonly secrets: Record<"key" | "url", string>;
  readonly target: BackupTarget;
  readonly workFolder: string;
  /** Lets time pass. */
  pass(ms: number): void;
}

export const bench = (url: string, policy: Partial<BackupPolicy> = {}): Bench => {
  const bytes = memoryBytes();
  const records: BackupRecord[] = [];
  const secrets = { key: KEY, url };
  const workFolder = mkdtempSync(join(tmpdir(), "sluice-backups-"));
  let now = Date.UTC(2026, 10, 21, 6, 30, 0);
  let made = 0;
  const backups = postgresBackups({
    world: { now: () => instant(now), newId: () => `id${String((made += 1)).padStart(6, "0")}` },
    bytes: async () => bytes,
    secrets: someSecrets(secrets),
    environment: { PATH: process.env["PATH"] ?? "" },
    workFolder,
    record: async (entry) => void records.push(entry),
  });
  const target: BackupTarget = {
    database: "main",
    environment: "production",
    address: "${secret:local/url}",
    policy: {
      store: { kind: "folder", name: "local", folder: "backups" },
      key: "${secret:local/key}",
      keep: { count: 100, ageMs: null },
      programs: null,
      scratch: null,
      withinMs: 60_000,
      ...policy,
    },
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { backups, bytes, records, secrets, target, workFolder, pass };
};

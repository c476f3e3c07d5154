// Backups: begun, listed, verified, restored. What takes long goes on behind the answer.

import * as z from "zod";
import { underWayUntil } from "../../core/backup/backup.ts";
import type { Backup } from "../../core/backup/backup.ts";
import type { Instant } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { SECRET_PREFIX } from "../../core/secrets/reference.ts";
import { readText } from "../../core/secrets/template.ts";
import type { RestoreInto } from "../../ports/backups.ts";
import type { BackupView } from "../contract/backups.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { databaseName, environmentName } from "../input.ts";

/** A store may be far away. */
const STORE_DEADLINE_MS = 60_000;

const viewOf = (backup: Backup, now: Instant): BackupView => {
  const restoring = backup.restored?.state;
  const until = underWayUntil(backup) ?? (restoring?.kind === "running" ? restoring.until : null);
  return { ...backup, interrupted: until !== null && until <= now };
};

export const makeBackup = handler(ROUTES.makeBackup, {
  summary: "Begin a backup of a database",
  deadlineMs: STORE_DEADLINE_MS,
  body: z.strictObject({
    database: databaseName,
    environment: environmentName.nullable(),
    verify: z.boolean(),
  }),
  replies: "BackupView",
  handle: async ({ body, by, parts }) =>
    viewOf(await parts.operations.backups.make({ ...body, by }), parts.world.now()),
});

export const backups = handler(ROUTES.backups, {
  summary: "List backups, newest first",
  deadlineMs: STORE_DEADLINE_MS,
  query: z.strictObject({
    database: databaseName.optional(),
    environment: environmentName.optional(),
  }),
  replies: "BackupList",
  handle: async ({ query, parts, signal }) => {
    const { database = null, environment = null } = query;
    const found = await parts.operations.backups.list({ database, environment }, signal);
    const now = parts.world.now();
    return { ...found, backups: found.backups.map((backup) => viewOf(backup, now)) };
  },
});

export const backup = handler(ROUTES.backup, {
  summary: "Show a backup",
  deadlineMs: STORE_DEADLINE_MS,
  replies: "BackupView",
  handle: async ({ params, parts, signal }) =>
    viewOf(await parts.operations.backups.one(params.backup, signal), parts.world.now()),
});

export const verifyBackup = handler(ROUTES.verifyBackup, {
  summary: "Restore a backup into a scratch database, and compare",
  deadlineMs: STORE_DEADLINE_MS,
  replies: "BackupView",
  handle: async ({ params, by, parts }) =>
    viewOf(await parts.operations.backups.verify({ id: params.backup, by }), parts.world.now()),
});

export const restoreBackup = handler(ROUTES.restoreBackup, {
  summary: "Restore a backup into an empty database",
  deadlineMs: STORE_DEADLINE_MS,
  body: z.strictObject({ into: z.string().min(1).max(1_000), owners: z.boolean() }),
  replies: "BackupView",
  handle: async ({ params, body, by, parts }) => {
    const request = { id: params.backup, by, into: intoOf(body.into), owners: body.owners };
    return viewOf(await parts.operations.backups.restore(request), parts.world.now());
  },
});

const DATABASE = /^[a-z_][a-z0-9_-]{0,62}$/;

const intoOf = (text: string): RestoreInto => {
  const [, database = ""] = /^new:(.*)$/s.exec(text) ?? [];
  if (DATABASE.test(database)) return { kind: "new", database };
  const secret = text.startsWith(SECRET_PREFIX) ? readText(text) : null;
  if (secret?.kind === "ok") return { kind: "url", url: secret.value };
  const url = URL.canParse(text) ? new URL(text) : null;
  const postgres = url !== null && ["postgres:", "postgresql:"].includes(url.protocol);
  if (postgres && url.password === "" && !url.searchParams.has("password")) {
    return { kind: "url", url: text };
  }
  // It is not repeated: it may hold a password.
  throw new Refusal({
    code: "bad-request",
    message: postgres
      ? "expected a URL without a password"
      : "expected new:NAME, a secret's reference or a PostgreSQL URL without a password",
    where: "body.into",
    hint: "put the whole URL into a secret and name it: secret:local/restore-url",
  });
};

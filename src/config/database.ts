// The Database definition: what is backed up, where to, under which key and for how long. The name
// of its store is filled in by link-databases.ts.

import * as z from "zod";
import type { BackupPolicy, Database, DatabaseAddress } from "../core/backup/database.ts";
import { URL_PARAMETERS } from "../core/backup/database.ts";
import { didYouMean } from "../core/closest.ts";
import { SECRET_PREFIX } from "../core/secrets/reference.ts";
import { quoted } from "../core/units.ts";
import { complain, field, leaf, refused, section, wrongType } from "./leaf.ts";
import type { Read } from "./leaf.ts";
import { duration } from "./quantities.ts";
import { readSecretText, secretReference } from "./secrets.ts";
import { choice, count, flag, name, nameFault } from "./values.ts";

const MAX_URL = 1_000;
const MAX_ENVIRONMENTS = 100;
/** What libpq would take a secret from, or a file of somebody else's choice. */
const SECRET_PARAMETERS = ["password", "sslpassword", "passfile", "sslkey", "service", "options"];

/** With the name of its store in place of the store. */
export type WrittenDatabase = Omit<Database, "backup"> & {
  readonly backup: Omit<BackupPolicy, "store"> & { readonly to: string };
};

/** Null: good. */
const databaseUrlFault = (raw: string): Extract<Read<never>, { kind: "error" }> | null => {
  const url = raw.length <= MAX_URL && URL.canParse(raw) ? new URL(raw) : null;
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol)) {
    const message = "expected a URL that begins with postgresql://";
    const hint = "write it like postgresql://me@db.example.com:5432/app, or secret:local/app-url";
    return { kind: "error", code: "bad-url", message, hint };
  }
  const secret = SECRET_PARAMETERS.find((key) => url.searchParams.has(key));
  if (url.password !== "" || secret !== undefined) {
    // The text is not quoted: it holds a password.
    const message = `expected a URL without ${secret ?? "a password"} in it`;
    const hint = "write url: secret:local/app-url and put the whole URL there";
    return { kind: "error", code: "secret-in-url", message, hint };
  }
  const odd = [...url.searchParams.keys()].find((key) => !URL_PARAMETERS.includes(key));
  if (odd !== undefined) {
    const message = `expected no ${quoted(odd)} among the URL's parameters`;
    const hint = didYouMean(odd, URL_PARAMETERS);
    return { kind: "error", code: "bad-url", message, hint };
  }
  if (url.pathname.length > 1 && !url.pathname.slice(1).includes("/")) return null;
  const message = `expected a URL that ends in the database's name, found ${quoted(raw)}`;
  return { kind: "error", code: "bad-url", message };
};

const databaseUrl = () =>
  leaf<string>({ title: "URL", type: "string", pattern: "^(postgres(ql)?://|secret:)" }, (raw) => {
    if (typeof raw !== "string") return wrongType("a URL");
    if (raw.startsWith(SECRET_PREFIX)) return readSecretText(raw);
    const fault = databaseUrlFault(raw);
    return fault === null ? { kind: "ok", value: raw } : refused(fault);
  });

const ABOUT_URL = "A PostgreSQL URL without a password, or the secret that is one with it.";
const URL_EXAMPLE = "secret:local/app-url";

const place = () =>
  section({
    url: field(databaseUrl().optional(), ABOUT_URL, URL_EXAMPLE),
    backup: field(
      flag().prefault(true),
      "`false`: nothing is backed up here; a playbook's `backup` is left out.",
      false,
    ),
  }).transform((raw, ctx): DatabaseAddress | null => {
    const { url } = raw;
    if (!raw.backup && url === undefined) return null;
    if (raw.backup && url !== undefined) return url;
    const message = raw.backup ? "expected url" : "expected no url where nothing is backed up";
    const hint = raw.backup ? "or write backup: false" : "leave it out, or leave out backup: false";
    complain(ctx, { code: "one-of", message, hint });
    return z.NEVER;
  });

const programs = () =>
  leaf<string>({ title: "folder", type: "string", pattern: "^/" }, (raw): Read<string> => {
    if (typeof raw !== "string") return wrongType("a folder");
    const right = /^\/[^\0]*$/u.test(raw) && raw.length <= 1_000 && !raw.split("/").includes("..");
    if (right) return { kind: "ok", value: raw };
    const message = `expected an absolute path, found ${quoted(raw)}`;
    return refused({ code: "bad-path", message, hint: "write it like /usr/lib/postgresql/18/bin" });
  });

const places = () =>
  z.record(z.string(), place()).transform((raw, ctx): Database["environments"] => {
    const names = Object.keys(raw);
    if (names.length > MAX_ENVIRONMENTS) {
      const message = `expected at most ${MAX_ENVIRONMENTS} environments, found ${names.length}`;
      complain(ctx, { code: "wrong-length", message });
    }
    for (const environment of names) {
      const fault = nameFault(environment);
      if (fault !== null) complain(ctx, fault, [environment]);
    }
    return raw;
  });

const keep = () =>
  section({
    count: field(
      count({ min: 1, max: 10_000 }).prefault(1),
      "So many good ones stay however old they are.",
      7,
    ),
    age: field(
      duration({ min: 1 }).optional(),
      "Younger ones stay however many they are. Default: age does not matter.",
      "30d",
    ),
  }).transform((raw) => ({ count: raw.count, ageMs: raw.age ?? null }));

const backup = () =>
  section({
    to: field(name(), "The BlobStore that it goes to.", "offsite"),
    encrypt: field(
      secretReference(),
      "The key that backups are sealed with: 32 bytes, as `openssl rand -base64 32` writes them. " +
        "Without it they cannot be read.",
      "secret:local/backup-key",
    ),
    keep: field(
      keep().optional(),
      "Which ones stay. Removed, after a verified success, is what neither says. The last good " +
        "one is never removed. Default: all stay.",
    ),
    programs: field(
      programs().optional(),
      "The folder of pg_dump and pg_restore. Default: found on the machine.",
      "/usr/lib/postgresql/18/bin",
    ),
    scratch: field(
      databaseUrl().optional(),
      "URL of the server where a backup is restored to be tested, in a database that is made for " +
        "it and dropped again. Default: the database's own.",
      "postgresql://backup@scratch.example.com/postgres",
    ),
    within: field(
      duration({ min: 1_000, max: 7 * 86_400_000 }).prefault("1h"),
      "How long one backup may take with its test, or one restore.",
      "4h",
    ),
  }).transform((raw): WrittenDatabase["backup"] => ({
    to: raw.to,
    key: raw.encrypt,
    keep: raw.keep ?? { count: Number.MAX_SAFE_INTEGER, ageMs: null },
    programs: raw.programs ?? null,
    scratch: raw.scratch ?? null,
    withinMs: raw.within,
  }));

export const database = () =>
  section({
    kind: field(choice(["Database"]), "Always `Database`."),
    name: field(name(), "Playbooks and `sluice backup` name it.", "main"),
    url: field(databaseUrl().optional(), ABOUT_URL, URL_EXAMPLE),
    environments: field(
      places().prefault({}),
      "Where it is in each environment, in place of the one for all.",
      { production: { url: "secret:local/app-url" }, development: { backup: false } },
    ),
    backup: field(backup(), "How it is backed up."),
  }).transform((raw, ctx): WrittenDatabase => {
    const address = raw.url ?? null;
    if (address === null && Object.keys(raw.environments).length === 0) {
      const message = "expected url or environments, found neither";
      complain(ctx, { code: "one-of", message, hint: "write url: secret:local/app-url" });
    }
    return { name: raw.name, address, environments: raw.environments, backup: raw.backup };
  });

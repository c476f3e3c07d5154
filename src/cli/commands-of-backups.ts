// Commands about backups of databases.

import type { ArgSpec, CommandSpec, OptionSpec } from "./command-spec.ts";

const DATABASE: ArgSpec = { name: "DATABASE", about: "name of a Database" };
const PLACE: ArgSpec = {
  name: "[ENVIRONMENT]",
  about: "where the database is another in each environment",
};
const BACKUP: ArgSpec = { name: "BACKUP", about: "a backup's id, as backup list shows it" };
const WAIT: OptionSpec = { flags: "--wait", about: "until it is done; fail with it" };

export const BACKUP_COMMANDS: readonly CommandSpec[] = [
  {
    name: "backup create",
    summary: "begin a backup of a database",
    args: [DATABASE, PLACE],
    options: [{ flags: "--unverified", about: "do not restore it to see that it is good" }, WAIT],
    examples: [
      ["backup create main production --wait", "dumped, sealed, stored, restored, compared"],
    ],
    load: async () => (await import("./commands/backups.ts")).create,
  },
  {
    name: "backup list",
    summary: "list backups, newest first",
    args: [
      { ...DATABASE, name: "[DATABASE]" },
      { ...PLACE, about: "only those of this one" },
    ],
    options: [],
    examples: [["backup list main", "which are good, and when they were made"]],
    load: async () => (await import("./commands/backups.ts")).list,
  },
  {
    name: "backup show",
    summary: "show a backup, what is in it and whether it is good",
    args: [BACKUP],
    options: [],
    examples: [["backup show main.production.20261120-110000-k3x9ab", "versions, tables, rows"]],
    load: async () => (await import("./commands/backups.ts")).show,
  },
  {
    name: "backup verify",
    summary: "restore a backup into a scratch database, and compare",
    args: [BACKUP],
    options: [WAIT],
    examples: [
      ["backup verify main.production.20261120-110000-k3x9ab --wait", "is it still good?"],
    ],
    load: async () => (await import("./commands/backups.ts")).verify,
  },
  {
    name: "backup restore",
    summary: "restore a backup into an empty database",
    args: [BACKUP],
    options: [
      {
        flags: "--into PLACE",
        about:
          "new:NAME beside the database, a secret that is a URL (secret:local/NAME), or a URL " +
          "without a password; scratch: as verify",
        required: true,
      },
      { flags: "--owners", about: "with owners and grants; their roles must be there" },
      WAIT,
    ],
    examples: [
      [
        "backup restore main.production.20261120-110000-k3x9ab --into new:app_before --wait",
        "all of it or nothing; what is there is never overwritten",
      ],
    ],
    load: async () => (await import("./commands/backups.ts")).restore,
  },
];

// Commands about the control plane itself, definitions, releases, logs and the audit chain.

import { ENVIRONMENT, RELEASE, SERVICE } from "./command-spec.ts";
import type { CommandSpec } from "./command-spec.ts";

export const PLANT_COMMANDS: readonly CommandSpec[] = [
  {
    name: "up",
    summary: "run a control plane here, until it is stopped",
    args: [],
    options: [
      {
        flags: "--port N",
        about: "where its API listens on this machine; 0: any that is free (4680)",
      },
      { flags: "--database-url URL", about: "an outside PostgreSQL; also SLUICE_DATABASE_URL" },
    ],
    examples: [["up", "with everything it needs, data in ./.sluice"]],
    load: async () => (await import("./commands/plant.ts")).up,
  },
  {
    name: "down",
    summary: "stop the control plane; services go on running",
    args: [],
    options: [{ flags: "--all", about: "stop the services and the router too" }],
    examples: [["down", "leaves services and traffic alone"]],
    load: async () => (await import("./commands/plant.ts")).down,
  },
  {
    name: "init",
    summary: "write a commented starter set of definitions",
    args: [{ name: "[FOLDER]", about: "where to (./definitions)" }],
    options: [],
    examples: [["init", "then read, change, apply"]],
    load: async () => (await import("./commands/plant.ts")).init,
  },
  {
    name: "validate",
    summary: "check definitions, without a control plane",
    args: [{ name: "PATH...", about: "files and folders" }],
    options: [],
    examples: [["validate ./definitions", "every error with its line"]],
    load: async () => (await import("./commands/definitions.ts")).validate,
  },
  {
    name: "apply",
    summary: "replace the definitions by these",
    args: [{ name: "PATH...", about: "files and folders: all that shall be defined" }],
    options: [],
    examples: [["apply ./definitions", "all or nothing"]],
    load: async () => (await import("./commands/definitions.ts")).apply,
  },
  {
    name: "release create",
    summary: "store an artifact as a new release",
    args: [SERVICE],
    options: [
      { flags: "--version VERSION", about: "its version, unique for ever", required: true },
      { flags: "--artifact PATH", about: "the file or folder to release", required: true },
    ],
    examples: [["release create hello --version 1.1.0 --artifact ./dist", "a copy, by its digest"]],
    load: async () => (await import("./commands/releases.ts")).create,
  },
  {
    name: "train create",
    summary: "make a release of a train from releases of its members",
    args: [
      { name: "TRAIN", about: "the train and its version: TRAIN@VERSION" },
      { name: "RELEASE...", about: "what it brings, one of each member that goes" },
    ],
    options: [],
    examples: [["train create shop@2026-11 api@1.2.0 web@3.1.0", "then plan and deploy it"]],
    load: async () => (await import("./commands/trains.ts")).create,
  },
  {
    name: "release list",
    summary: "list releases, newest first",
    args: [{ ...SERVICE, name: "[SERVICE]" }],
    options: [{ flags: "--limit N", about: "at most so many (50)" }],
    examples: [["release list hello", "with where each is stable"]],
    load: async () => (await import("./commands/releases.ts")).list,
  },
  {
    name: "release show",
    summary: "show a release and where it proved itself",
    args: [{ ...RELEASE, name: "RELEASE", about: "service@version" }],
    options: [],
    examples: [["release show hello@1.1.0", "digest, author, known good where"]],
    load: async () => (await import("./commands/releases.ts")).show,
  },
  {
    name: "logs",
    summary: "show the last lines that instances wrote",
    args: [SERVICE, ENVIRONMENT],
    options: [
      { flags: "--slot SLOT", about: "blue or green; without it both" },
      { flags: "--tail N", about: "lines of each instance (100)" },
    ],
    examples: [["logs hello production --slot green --tail 20", "of the candidate, say"]],
    load: async () => (await import("./commands/logs.ts")).logs,
  },
  {
    name: "audit verify",
    summary: "recompute the audit chain from its first record",
    args: [],
    options: [],
    examples: [["audit verify", "names the first bad record of a changed chain"]],
    load: async () => (await import("./commands/audit.ts")).verify,
  },
  {
    name: "audit list",
    summary: "list records of the audit chain",
    args: [{ name: "[CHAIN]", about: "control, or SERVICE.ENVIRONMENT (control)" }],
    options: [
      {
        flags: "--after SEQ",
        about: "from the record behind this one on; without it the last ones",
      },
      { flags: "--limit N", about: "at most so many (100)" },
    ],
    examples: [["audit list hello.production --limit 20", "who did what, and why"]],
    load: async () => (await import("./commands/audit.ts")).list,
  },
];

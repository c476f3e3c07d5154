// Commands about configuration and secrets: what a service gets, and what nobody sees again.

import { ENVIRONMENT, SERVICE } from "./command-spec.ts";
import type { ArgSpec, CommandSpec } from "./command-spec.ts";

const NAME: ArgSpec = { name: "NAME", about: "as in secret:local/NAME" };

export const SECRET_COMMANDS: readonly CommandSpec[] = [
  {
    name: "config explain",
    summary: "show what a service gets, and where each value comes from",
    args: [SERVICE, ENVIRONMENT, { name: "[KEY]", about: "a key, or the beginning of some" }],
    options: [],
    examples: [
      ["config explain hello production", "every value, its line, what it overrides"],
      ["config explain hello production database", "those below database"],
    ],
    load: async () => (await import("./commands/configuration.ts")).explain,
  },
  {
    name: "secret set",
    summary: "store a secret; its value is asked for, or comes on stdin",
    args: [NAME],
    options: [],
    examples: [
      ["secret set db-password", "asks for it, and shows nothing of it"],
      ["secret set db-password < password.txt", "never as an argument: others could see it"],
    ],
    load: async () => (await import("./commands/secrets.ts")).set,
  },
  {
    name: "secret list",
    summary: "list the names of stored secrets, and who set them",
    args: [],
    options: [],
    examples: [["secret list", "no value is ever shown"]],
    load: async () => (await import("./commands/secrets.ts")).list,
  },
  {
    name: "secret rotate-key",
    summary: "encrypt the stored secrets with another key",
    args: [],
    options: [],
    examples: [
      ["secret rotate-key", "a new one, or the first of SLUICE_SECRETS_KEY where that is set"],
    ],
    load: async () => (await import("./commands/secrets.ts")).rotateKey,
  },
  {
    name: "secret remove",
    summary: "remove a stored secret; what runs with it goes on",
    args: [NAME],
    options: [],
    examples: [["secret remove db-password", "what starts after that waits for it"]],
    load: async () => (await import("./commands/secrets.ts")).remove,
  },
];

// Commands about secrets: the names that definitions use, and the values that nobody sees again.

import type { ArgSpec, CommandSpec } from "./command-spec.ts";

const NAME: ArgSpec = { name: "NAME", about: "as in secret:local/NAME" };

export const SECRET_COMMANDS: readonly CommandSpec[] = [
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
    name: "secret remove",
    summary: "remove a stored secret; what runs with it goes on",
    args: [NAME],
    options: [],
    examples: [["secret remove db-password", "what starts after that waits for it"]],
    load: async () => (await import("./commands/secrets.ts")).remove,
  },
];

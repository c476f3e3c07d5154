// Wires it all; nothing imports it but the command. Each part is loaded when it is needed, so that
// the command line alone stays quick.

import { readFileSync } from "node:fs";
import { runCli } from "./cli/run-cli.ts";
import type { Locals } from "./cli/locals.ts";

const LOCALS: Locals = {
  up: async (options) => (await import("./wiring/up.ts")).up(options),
  down: async (options) => (await import("./wiring/down.ts")).down(options),
  validate: async (files, dataDir) =>
    (await import("./wiring/validate.ts")).validate(files, dataDir),
  plan: async (request) => (await import("./wiring/local-plan.ts")).localPlan(request),
  init: async (folder) => (await import("./wiring/init.ts")).init(folder),
};

/** Arguments without the program's name; gives the exit code. */
export const main = async (argv: readonly string[]): Promise<number> =>
  runCli(argv, LOCALS, { version: versionOf });

const versionOf = (): string => {
  const manifest = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
};

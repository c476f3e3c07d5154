// Files that something other than an import starts: people, npm scripts, or another program.

export const ENTRIES: readonly string[] = [
  "src/main.ts",
  "src/cli/main.ts",
  "src/router/main.ts",
  "src/sim/main.ts",
  // Started by ensure-keeper.ts beside it.
  "src/drivers/process/keeper/main.ts",
  // Writes schema/ and docs/playbook-reference.md.
  "src/config/publish.ts",
  // Writes docs/coverage.md.
  "src/coverage/publish.ts",
  // Run by src/tidy.test.ts.
  "src/tidy/law.ts",
  "demo/main.ts",
  "bench/main.ts",
];

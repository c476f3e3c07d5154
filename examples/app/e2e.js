// All the suites of smoke.js, one after the other, as an end-to-end test would.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const smoke = fileURLToPath(new URL("smoke.js", import.meta.url));
for (const suite of ["health", "api", "database", "headers", "transactions", "performance"]) {
  const { status } = spawnSync(process.execPath, [smoke, suite], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

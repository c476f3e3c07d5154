#!/usr/bin/env node
// The `sluice` command. Works on any Node from 18 on: Sluice's source needs the Node that came with
// its packages, so an older one hands over to it, with signals passed on and the exit code kept.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_MAJOR = 26;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

const major = Number(process.versions.node.split(".")[0]);
if (major >= OLDEST_MAJOR) {
  await here();
} else {
  handOver();
}

async function here() {
  const { enableCompileCache } = await import("node:module");
  // Beside the source and not in the common temporary folder, where others could write what we run.
  const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), "node_modules/.cache/sluice");
  const { directory } = enableCompileCache(cache);
  // The keeper and the router are programs of their own, and begin as quickly.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE = directory;
  const { main } = await import("../src/main.ts");
  process.exitCode = await main(process.argv.slice(2));
}

function handOver() {
  const node = ownNode();
  if (node === null) {
    console.error(
      `error: Sluice needs Node ${OLDEST_MAJOR} or newer, this is ${process.versions.node}`,
    );
    console.error("  → npm ci brings one along");
    process.exitCode = 2;
    return;
  }
  const self = fileURLToPath(import.meta.url);
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`error: ${node} cannot be run: ${error.message}`);
    process.exitCode = 2;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}

/** The `node` package that was installed with Sluice, wherever the installer put it. */
function ownNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const node = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}

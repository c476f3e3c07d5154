// `sluice up`: a control plane in the foreground, until it is told to stop.

import { mkdir } from "node:fs/promises";
import type { UpOptions as UpRequest } from "../cli/locals.ts";
import { layoutOf } from "../layout/layout.ts";
import { DEFAULT_CONCURRENCY } from "./options.ts";
import { startPlane } from "./plane.ts";
import { registerPlane } from "./plane-file.ts";

/** After a second signal, or this long after the first, the process ends as it is: nothing is lost
 * by that either. */
const STOP_MS = 30_000;

/** Resolves with the exit code. Throws Refusals from before it was up. */
export const up = async (request: UpRequest): Promise<number> => {
  const began = performance.now();
  const layout = layoutOf(request.dataDir);
  await mkdir(layout.dataDir, { recursive: true, mode: 0o700 });
  const told = signalled();
  const plane = await startPlane({
    dataDir: request.dataDir,
    databaseUrl: request.databaseUrl,
    host: "127.0.0.1",
    port: request.port,
    routerMetrics: process.env["SLUICE_ROUTER_METRICS"] ?? null,
    concurrency: DEFAULT_CONCURRENCY,
    logLevel: process.env["SLUICE_LOG_LEVEL"],
  });
  const unregister = await registerPlane(layout);
  request.ready({
    url: plane.url,
    dataDir: layout.dataDir,
    tookMs: Math.round(performance.now() - began),
  });
  const signal = await told;
  plane.log.info({ signal }, "stopping");
  setTimeout(() => process.exit(1), STOP_MS).unref();
  await plane.stop();
  await unregister();
  plane.log.info("stopped; instances and router go on");
  return 0;
};

const signalled = (): Promise<string> =>
  new Promise((resolve) => {
    let count = 0;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        count += 1;
        if (count > 1) process.exit(130);
        resolve(signal);
      });
    }
  });

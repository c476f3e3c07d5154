// `sluice up`: a control plane in the foreground, until it is told to stop.

import type { UpOptions as UpRequest } from "../cli/locals.ts";
import { layoutOf } from "../layout/layout.ts";
import { diskRefusal, usableFolder } from "./on-disk.ts";
import { DEFAULT_CONCURRENCY } from "./options.ts";
import { startPlane } from "./plane.ts";
import { registerPlane } from "./plane-file.ts";
import { secretSettings } from "./secret-settings.ts";
import { stopSignal } from "./stop-signal.ts";

/** Resolves with the exit code. Throws Refusals from before it was up. */
export const up = async (request: UpRequest): Promise<number> => {
  const began = performance.now();
  const layout = layoutOf(request.dataDir);
  const told = stopSignal(process);
  await usableFolder(layout.dataDir, 0o700);
  const plane = await startPlane({
    dataDir: request.dataDir,
    databaseUrl: request.databaseUrl,
    host: "127.0.0.1",
    port: request.port,
    routerMetrics: process.env["SLUICE_ROUTER_METRICS"] ?? null,
    secrets: secretSettings(process.env, layout.secrets),
    concurrency: DEFAULT_CONCURRENCY,
    logLevel: process.env["SLUICE_LOG_LEVEL"],
  }).catch((error: unknown) => {
    throw diskRefusal(error);
  });
  const unregister = await registerPlane(layout);
  request.ready({
    url: plane.url,
    dataDir: layout.dataDir,
    tookMs: Math.round(performance.now() - began),
  });
  const signal = await told;
  plane.log.info({ signal }, "stopping");
  await plane.stop();
  await unregister();
  plane.log.info("stopped; instances and router go on");
  return 0;
};

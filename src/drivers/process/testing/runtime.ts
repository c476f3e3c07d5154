// How services run in the keeper's tests: quick probes, short patience.

import type { Probe, Runtime } from "../../../core/runtime.ts";

export const PROBE: Probe = {
  path: "/health",
  initialDelayMs: 0,
  intervalMs: 100,
  timeoutMs: 1_000,
  failureThreshold: 2,
  successThreshold: 1,
};

export const RUNTIME: Runtime = {
  command: [process.execPath, "service.js"],
  env: {},
  readiness: PROBE,
  liveness: null,
  stop: { drainMs: 2_000, killAfterMs: 1_000 },
  restart: { initialBackoffMs: 100, maxBackoffMs: 1_000 },
  resources: { cpuCores: 1, memoryBytes: 512 * 1024 * 1024 },
  logs: { maxFileBytes: 1024 * 1024, keepFiles: 2 },
};

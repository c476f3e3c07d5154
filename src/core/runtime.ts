// How a service runs: what a target needs to know to bring an instance up. Written in the Service
// definition, frozen into the plan.

import type { ConfigFormat } from "./configuration/render.ts";
import type { ConfigMap } from "./configuration/values.ts";
import type { DurationMs } from "./ids.ts";

export interface Runtime {
  /** Program and arguments, never a shell line. `${PORT}` in an argument is the instance's port. */
  readonly command: readonly string[];
  /** Environment variables. PORT, SLUICE_SLOT, SLUICE_RELEASE and SLUICE_INSTANCE are added. */
  readonly env: Readonly<Record<string, string>>;
  readonly readiness: Probe;
  readonly liveness: Probe | null;
  readonly stop: StopPolicy;
  readonly restart: RestartPolicy;
  readonly resources: Resources;
  readonly logs: LogLimits;
  /** Files that an instance finds when it starts. Absent: none. */
  readonly configuration?: RuntimeConfiguration;
}

/** Put together for one environment; only references to secrets are still open. */
export interface RuntimeConfiguration {
  readonly name: string;
  readonly files: readonly ConfigurationFile[];
  /** How often secrets in files are read again while an instance runs. */
  readonly refreshMs: DurationMs;
  /** Sent to the instance's first process once a file is another one. Null: nothing. */
  readonly onRefresh: RefreshSignal | null;
}

export interface ConfigurationFile {
  /** Below the instance's own folder, `${CONFIG_DIR}` in arguments and SLUICE_CONFIG_DIR. */
  readonly name: string;
  readonly format: ConfigFormat;
  /** A variable that says where the file is. */
  readonly variable: string | null;
  readonly values: ConfigMap;
}

export const REFRESH_SIGNALS = ["SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
export type RefreshSignal = (typeof REFRESH_SIGNALS)[number];

/** An HTTP GET on the instance's own port; a 2xx or 3xx answer within the timeout is success. */
export interface Probe {
  readonly path: string;
  readonly initialDelayMs: DurationMs;
  readonly intervalMs: DurationMs;
  readonly timeoutMs: DurationMs;
  /** Consecutive failures until the instance counts as unready (or, for liveness, is restarted). */
  readonly failureThreshold: number;
  /** Consecutive successes until it counts as ready. */
  readonly successThreshold: number;
}

export interface StopPolicy {
  /** How long requests in flight may go on after the router stopped sending new ones. */
  readonly drainMs: DurationMs;
  /** From SIGTERM until SIGKILL goes to the whole process group. */
  readonly killAfterMs: DurationMs;
}

export interface RestartPolicy {
  readonly initialBackoffMs: DurationMs;
  readonly maxBackoffMs: DurationMs;
}

/** What 100 % of `cpu` and `memory` means in the metrics of this service. */
export interface Resources {
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

export interface LogLimits {
  /** One instance's log file is rotated at this size. */
  readonly maxFileBytes: number;
  readonly keepFiles: number;
}

/** Where a lane's traffic comes in and how the router treats it. */
export interface RouteSpec {
  /** `host:port` of the router's listener for this lane. */
  readonly listen: string;
  readonly sticky: StickyPolicy | null;
  readonly timeouts: RouteTimeouts;
}

export interface StickyPolicy {
  readonly cookie: string;
  readonly ttlMs: DurationMs;
}

export interface RouteTimeouts {
  readonly connectMs: DurationMs;
  /** From the end of the request until the first byte of the answer. */
  readonly responseMs: DurationMs;
  /** Silence within a streaming body in either direction. */
  readonly idleMs: DurationMs;
}

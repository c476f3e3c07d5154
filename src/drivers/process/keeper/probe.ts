// Probes of one instance, and what a row of them means.

import { get } from "node:http";
import type { Probe } from "../../../core/runtime.ts";
import { INSTANCE_HOST } from "./port.ts";

/** True: 2xx or 3xx within the timeout. Never rejects. */
export const probeOnce = (port: number, probe: Probe): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = get({
      host: INSTANCE_HOST,
      port,
      path: probe.path,
      agent: false,
      signal: AbortSignal.timeout(probe.timeoutMs),
      headers: { "user-agent": "sluice-probe" },
    });
    asked.on("error", () => resolve(false));
    asked.on("response", (response) => {
      const status = response.statusCode ?? 0;
      // The status decides. The body is read, until the timeout, so that nobody is cut off.
      response.on("error", () => undefined);
      response.resume();
      resolve(status >= 200 && status < 400);
    });
  });

/** Consecutive results: positive successes, negative failures. */
export type Streak = number;

export const extend = (streak: Streak, ok: boolean): Streak =>
  ok ? Math.max(streak, 0) + 1 : Math.min(streak, 0) - 1;

/** What a probe's thresholds make of the streak: true, false, or null where neither is reached and
 * what was said before stands. */
export const verdict = (streak: Streak, probe: Probe): boolean | null => {
  if (streak >= probe.successThreshold) return true;
  if (-streak >= probe.failureThreshold) return false;
  return null;
};

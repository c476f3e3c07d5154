// What the API measures of itself, for Prometheus.

import { Gauge, Histogram } from "prom-client";
import type { Registry } from "prom-client";

export interface ApiMetrics {
  /** `route` is the pattern, never the path: names of runs must not become labels. */
  answered(route: string, method: string, status: number, tookMs: number): void;
  followers(count: number): void;
}

const BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

export const apiMetrics = (registry: Registry): ApiMetrics => {
  const requests = new Histogram({
    name: "sluice_api_request_seconds",
    help: "Time to answer, by route and status",
    labelNames: ["route", "method", "status"] as const,
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const followers = new Gauge({
    name: "sluice_api_followers",
    help: "Runs being followed live",
    registers: [registry],
  });
  return {
    answered: (route, method, status, tookMs) =>
      requests.observe({ route, method, status }, tookMs / 1_000),
    followers: (count) => followers.set(count),
  };
};

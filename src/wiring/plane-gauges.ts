// What is asked of the database when Prometheus asks us: how things are for all replicas together.

import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import type { Instant } from "../core/ids.ts";
import type { NotedVerdict } from "../store/noted-verdict.ts";
import type { Unfinished } from "../store/unfinished.ts";

export interface Looks {
  now(): Instant;
  unfinished(now: Instant): Promise<Unfinished>;
  notedVerdict(): Promise<NotedVerdict | null>;
}

const MS_PER_SECOND = 1_000;

/** A look that fails shows NaN, which no alarm takes for health. */
export const planeGauges = (registry: Registry, looks: Looks): void => {
  const gauge = (name: string, help: string, look: () => Promise<number>): void => {
    const made = new Gauge({
      name,
      help,
      registers: [],
      collect: async function () {
        this.set(await look().catch(() => Number.NaN));
      },
    });
    registry.registerMetric(made);
  };
  const unfinished = () => looks.unfinished(looks.now());
  gauge(
    "sluice_runs_stalled",
    "Runs that cannot go on by themselves: a person must act.",
    async () => (await unfinished()).stalled,
  );
  gauge(
    "sluice_wakeup_lateness_seconds",
    "How long the most overdue run has been waiting to be looked at; 0 where none is late.",
    async () => (await unfinished()).latenessMs / MS_PER_SECOND,
  );
  gauge(
    "sluice_audit_broken",
    "1 where the last verification of the audit chains found one that is broken, else 0.",
    async () => ((await looks.notedVerdict())?.fault ?? null) === null ? 0 : 1,
  );
  gauge(
    "sluice_audit_verified_timestamp_seconds",
    "When the audit chains were last verified, in seconds since 1970; NaN: not yet.",
    async () => ((await looks.notedVerdict())?.at ?? Number.NaN) / MS_PER_SECOND,
  );
};

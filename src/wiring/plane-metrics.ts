// What the control plane measures of itself, in Prometheus' names and base units.

import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { PassReport } from "../shell/parts.ts";

export interface PlaneMetrics {
  readonly registry: Registry;
  readonly onPass: (report: PassReport) => void;
  /** Invariants that were ever found broken in this process, by name. */
  broken(): ReadonlyMap<string, string>;
}

const MS_PER_SECOND = 1_000;

export const planeMetrics = (): PlaneMetrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "sluice_" });
  const passes = new Histogram({
    name: "sluice_pass_duration_seconds",
    help: "Time from looking to committed, per pass of a run.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const outcomes = new Counter({
    name: "sluice_runs_ended_total",
    help: "Runs that ended, by outcome.",
    labelNames: ["service", "environment", "outcome"],
    registers: [registry],
  });
  const breaks = new Counter({
    name: "sluice_invariants_broken_total",
    help: "Decisions after which an invariant did not hold. Anything but 0 is a defect of Sluice.",
    labelNames: ["invariant"],
    registers: [registry],
  });
  const found = new Map<string, string>();
  return {
    registry,
    onPass: ({ run, tookMs, broken }) => {
      passes.observe(tookMs / MS_PER_SECOND);
      if (run.state.kind === "ended") {
        const { service, environment, state } = run;
        outcomes.inc({ service, environment, outcome: state.outcome });
      }
      for (const { name, sentence } of broken) {
        breaks.inc({ invariant: name });
        found.set(name, `run ${run.id}: ${sentence}`);
      }
    },
    broken: () => found,
  };
};

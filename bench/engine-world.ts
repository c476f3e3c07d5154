// A target, a router and metrics that answer at once and are always well, so that a benchmark
// measures the engine, its store and its queue, and nothing of what they steer.

import { compile } from "../src/core/compile.ts";
import type { EffectKey, EffectOutcome, SlotSpec, Weights } from "../src/core/effect.ts";
import type { Actor, Digest, EnvironmentName, ServiceName } from "../src/core/ids.ts";
import { releaseId } from "../src/core/ids.ts";
import type { LaneKey } from "../src/core/lane.ts";
import { laneName } from "../src/core/lane.ts";
import type { Plan } from "../src/core/plan.ts";
import type { MetricQuery, Sample } from "../src/core/series.ts";
import type { RouterState, SlotState, TargetState } from "../src/core/snapshot.ts";
import { parseDefinitions } from "../src/config/parse.ts";
import type { Metrics } from "../src/ports/metrics.ts";
import type { Router } from "../src/ports/router.ts";
import type { Target } from "../src/ports/target.ts";
import { environment, playbook, service, textOf } from "../test/e2e/definitions.ts";

const EMPTY: SlotState = { wanted: [], instances: [] };
const NOTHING: TargetState = { generation: 0, slots: { blue: EMPTY, green: EMPTY } };
const APPLIED: EffectOutcome = { kind: "applied", detail: null };
/** Observations behind every sample. */
const COUNT = 1_000;

export interface EngineWorld {
  readonly target: Target;
  readonly router: Router;
  readonly metrics: Metrics;
}

export const engineWorld = (): EngineWorld => {
  const targets = new Map<string, TargetState>();
  const routes = new Map<string, { readonly generation: number; readonly weights: Weights }>();
  const targetOf = (lane: LaneKey): TargetState => targets.get(laneName(lane)) ?? NOTHING;
  const routerOf = (lane: LaneKey): RouterState => {
    const { blue, green } = targetOf(lane).slots;
    const route = routes.get(laneName(lane)) ?? { generation: 0, weights: { blue: 0, green: 0 } };
    return { ...route, endpoints: { blue: blue.instances.length, green: green.instances.length } };
  };
  return {
    target: {
      observe: async (lane) => targetOf(lane),
      apply: async (key: EffectKey, spec: SlotSpec) => {
        const { slots } = targetOf(key);
        const changed = { ...slots, [spec.slot]: filled(spec) };
        targets.set(laneName(key), { generation: key.generation, slots: changed });
        return APPLIED;
      },
    },
    router: {
      observe: async (lane) => routerOf(lane),
      route: async (key, weights) => {
        routes.set(laneName(key), { generation: key.generation, weights });
        return APPLIED;
      },
    },
    metrics: {
      read: async (_lane, queries) =>
        queries.map((query) => ({ kind: "samples", query, samples: samplesOf(query) })),
    },
  };
};

const filled = ({ slot, cohorts }: SlotSpec): SlotState => ({
  wanted: cohorts.map(({ release, instances }) => ({ release: release.id, instances })),
  instances: cohorts.flatMap(({ release, instances }) =>
    Array.from({ length: instances }, (_, index) => ({
      id: `${slot}-${index}`,
      release: release.id,
      phase: "ready" as const,
      restarts: 0,
    })),
  ),
});

const samplesOf = ({ from, to, stepMs }: MetricQuery): readonly Sample[] =>
  Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (_, step) => ({
    at: (from + step * stepMs) as Sample["at"],
    value: 0,
    count: COUNT,
  }));

/** Plans of first installations that watch themselves at full traffic for a day. */
export const watchingPlans = (count: number, intervalMs: number): readonly Plan[] => {
  const definitions = parseDefinitions([
    {
      path: "bench.yaml",
      text: textOf([
        environment("live"),
        playbook("watch", WATCHING, {
          rollback: { when: ["errorRate > 10% for 10s", "p95 > 500ms for 10s"] },
          analysis: { interval: `${intervalMs}ms`, window: "10s" },
        }),
        service("shop", { live: { playbook: "watch", port: 1_024, instances: 3 } }),
      ]),
    },
  ]);
  const [watching] = definitions.playbooks;
  const [place] = definitions.services.flatMap((one) => one.environments);
  const [{ takes } = { takes: null }] = definitions.environments;
  if (watching === undefined || place === undefined || takes === null) throw new Error("no plan");
  const author = "alice" as Actor;
  const artifact = `sha256:${"0".repeat(64)}` as Digest;
  return Array.from({ length: count }, (_, index) => {
    const name = `shop-${index}` as ServiceName;
    const release = { id: releaseId(name, "1.0.0"), artifact, author };
    const lane = { service: name, environment: "live" as EnvironmentName };
    const how = { playbook: watching, place, takes, from: null, promotesTo: [] };
    return compile({ ...lane, ...how, release });
  });
};

const WATCHING = {
  blueGreen: { stability: { for: "1d", advance: ["errorRate < 1%", "p95 < 300ms"] } },
};

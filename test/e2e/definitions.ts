// Definitions of the test services, short in all their times. Written as JSON, which is YAML too.

export type Definition = Readonly<Record<string, unknown>> & { readonly kind: string };

export interface Place {
  readonly playbook: string;
  readonly port: number;
  readonly instances?: number;
}

export const service = (name: string, places: Readonly<Record<string, Place>>): Definition => ({
  kind: "Service",
  name,
  run: {
    command: ["node", "server.js"],
    readiness: { path: "/ready", interval: "100ms", timeout: "1s" },
    liveness: { path: "/health", interval: "1s", timeout: "2s" },
    stop: { drain: "2s", killAfter: "1s" },
    restart: { initialBackoff: "200ms", maxBackoff: "2s" },
  },
  environments: Object.fromEntries(
    Object.entries(places).map(([environment, { playbook, port, instances }]) => [
      environment,
      { playbook, instances: instances ?? 1, listen: `127.0.0.1:${port}` },
    ]),
  ),
});

export const environment = (
  name: string,
  takes: Readonly<Record<string, unknown>> = { from: "release", how: "automatic" },
): Definition => ({ kind: "Environment", name, tier: "production", takes });

export const playbook = (
  name: string,
  strategy: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Definition => ({
  kind: "Playbook",
  name,
  deploy: [strategy],
  rollback: { when: ["errorRate > 10% for 1s"], within: "10s", keepFailed: "0s" },
  analysis: { interval: "1s", window: "2s", minRequests: 5 },
  ...more,
});

/** Weights and length of the bakes of a canary that a test can wait for. */
export const canary = (
  steps: readonly string[],
  bake: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  canary: {
    steps,
    bake,
    advance: ["errorRate < 5%"],
    patience: "30s",
    readyWithin: "20s",
    stability: "1s",
    keepWarm: "0s",
    ...more,
  },
});

export const textOf = (definitions: readonly Definition[]): string =>
  definitions.map((one) => JSON.stringify(one, null, 2)).join("\n---\n");

// The Service definition: how it runs, and where it lives in each environment.

import * as z from "zod";
import type { EnvironmentName, ServiceName } from "../core/ids.ts";
import type { ServiceDefinition, ServiceInEnvironment } from "../core/playbook.ts";
import type { Probe, Runtime } from "../core/runtime.ts";
import { formatDuration } from "../core/units.ts";
import { listen, path } from "./addresses.ts";
import { configurationUse, type ConfigurationUse } from "./configuration-use.ts";
import { environmentVariables } from "./env.ts";
import { complain, field, section } from "./leaf.ts";
import { duration, size } from "./quantities.ts";
import { command } from "./tasks.ts";
import { choice, count, name, nameFault, quantity, text } from "./values.ts";

const MAX_INSTANCES = 1_000;
const MAX_CORES = 1_024;
const LEAST_RELEASES = 2;
const MAX_RELEASES = 10_000;

const probe = () =>
  section({
    path: field(
      path(),
      "Asked with GET on the instance's own port; 2xx and 3xx are success.",
      "/ready",
    ),
    initialDelay: field(
      duration().prefault("0s"),
      "Wait after the start before the first probe.",
      "5s",
    ),
    interval: field(duration({ min: 100 }).prefault("2s"), "Time between probes.", "5s"),
    timeout: field(duration({ min: 1 }).prefault("1s"), "How long one may take.", "3s"),
    failureThreshold: field(
      count({ min: 1, max: 100 }).prefault(3),
      "Failures in a row until it counts.",
      5,
    ),
    successThreshold: field(
      count({ min: 1, max: 100 }).prefault(1),
      "Successes in a row until it counts.",
      2,
    ),
  }).transform((raw): Probe => ({
    path: raw.path,
    initialDelayMs: raw.initialDelay,
    intervalMs: raw.interval,
    timeoutMs: raw.timeout,
    failureThreshold: raw.failureThreshold,
    successThreshold: raw.successThreshold,
  }));

const resources = () =>
  section({
    cpu: field(
      quantity({ max: MAX_CORES }).prefault(1),
      "Cores: 100 % of `cpu` in conditions.",
      0.5,
    ),
    memory: field(size().prefault("256Mi"), "100 % of `memory` in conditions.", "1Gi"),
  }).transform((raw) => ({ cpuCores: raw.cpu, memoryBytes: raw.memory }));

const stop = () =>
  section({
    drain: field(
      duration().prefault("10s"),
      "How long requests in flight may go on after the router stopped sending new ones.",
      "30s",
    ),
    killAfter: field(
      duration({ min: 1 }).prefault("10s"),
      "From SIGTERM until SIGKILL goes to the whole process group.",
      "30s",
    ),
  }).transform((raw) => ({ drainMs: raw.drain, killAfterMs: raw.killAfter }));

const restart = () =>
  section({
    initialBackoff: field(
      duration({ min: 1 }).prefault("1s"),
      "Wait before a crashed instance is started again; doubles with each crash.",
      "500ms",
    ),
    maxBackoff: field(duration({ min: 1 }).prefault("1m"), "The longest such wait.", "5m"),
  }).transform((raw, ctx) => {
    if (raw.maxBackoff < raw.initialBackoff) {
      const [least, found] = [raw.initialBackoff, raw.maxBackoff].map(formatDuration);
      const message = `expected at least initialBackoff, ${least}, found ${found}`;
      complain(ctx, { code: "out-of-range", message }, ["maxBackoff"]);
    }
    return { initialBackoffMs: raw.initialBackoff, maxBackoffMs: raw.maxBackoff };
  });

const logs = () =>
  section({
    maxFile: field(
      size().prefault("10Mi"),
      "One instance's log file is rotated at this size.",
      "50Mi",
    ),
    keepFiles: field(
      count({ min: 1, max: 100 }).prefault(3),
      "How many files of one instance are kept.",
      5,
    ),
  }).transform((raw) => ({ maxFileBytes: raw.maxFile, keepFiles: raw.keepFiles }));

const run = () =>
  section({
    command: field(
      command(),
      "Program and arguments, never a shell line. `${PORT}` in an argument is the instance's port.",
      ["node", "server.js"],
    ),
    env: field(
      environmentVariables().prefault({}),
      "Environment variables. PORT, SLUICE_SLOT, SLUICE_RELEASE and SLUICE_INSTANCE are added.",
      { LOG_LEVEL: "info" },
    ),
    readiness: field(probe(), "When an instance may get traffic."),
    liveness: field(
      probe().optional(),
      "When an instance is restarted. Default: only when it exits.",
    ),
    stop: field(stop().prefault({}), "How an instance is stopped."),
    restart: field(restart().prefault({}), "How a crashed instance is started again."),
    resources: field(resources().prefault({}), "What 100 % of `cpu` and `memory` means."),
    logs: field(logs().prefault({}), "How much of its output is kept."),
    configuration: field(
      configurationUse().optional(),
      "What it gets of a Configuration, in each environment as it is there. Default: none.",
    ),
  }).transform(({ configuration = null, ...raw }) => ({
    configuration,
    runtime: { ...raw, liveness: raw.liveness ?? null } satisfies Runtime,
  }));

const releases = () =>
  section({
    keep: field(
      count({ min: LEAST_RELEASES, max: MAX_RELEASES }),
      "So many of its newest releases keep their artifact. What runs, what a rollback goes to " +
        "and what a run under way needs stays besides.",
      10,
    ),
  });

const COOKIE = /^[A-Za-z0-9_-]{1,64}$/u;

const sticky = () =>
  section({
    cookie: field(
      text({ title: "cookie name", pattern: COOKIE }).prefault("sluice"),
      "The cookie's name.",
      "release",
    ),
    ttl: field(
      duration({ min: 1_000 }).prefault("1h"),
      "How long a visitor stays on one release.",
      "15m",
    ),
  }).transform((raw) => ({ cookie: raw.cookie, ttlMs: raw.ttl }));

const timeouts = () =>
  section({
    connect: field(
      duration({ min: 1 }).prefault("2s"),
      "How long connecting to an instance may take.",
      "500ms",
    ),
    response: field(
      duration({ min: 1 }).prefault("30s"),
      "From the end of the request until the first byte of the answer.",
      "10s",
    ),
    idle: field(
      duration({ min: 1 }).prefault("1m"),
      "Silence within a streaming body, in either direction.",
      "5m",
    ),
  }).transform((raw) => ({ connectMs: raw.connect, responseMs: raw.response, idleMs: raw.idle }));

const inEnvironment = () =>
  section({
    playbook: field(name(), "The playbook that releases follow here.", "web-canary"),
    instances: field(
      count({ min: 1, max: MAX_INSTANCES }).prefault(1),
      "Instances at full capacity.",
      3,
    ),
    listen: field(
      listen(),
      "Where the service's traffic comes in, `host:port`. No two services may share it.",
      "127.0.0.1:8080",
    ),
    env: field(environmentVariables().prefault({}), "Added to `run.env`, and stronger than it.", {
      LOG_LEVEL: "warn",
    }),
    resources: field(resources().optional(), "Instead of `run.resources`. Default: as in `run`."),
    sticky: field(
      sticky().optional(),
      "Keeps a visitor on one release by a cookie. Default: none.",
    ),
    timeouts: field(timeouts().prefault({}), "How long the router waits."),
  });

/** With the names of its rollout and its configuration in place of them. */
export type WrittenService = Omit<ServiceDefinition, "rollout"> & {
  readonly rollout: string | null;
  readonly configuration: ConfigurationUse | null;
  /** Of every environment. */
  readonly runEnv: Runtime["env"];
  /** What each environment adds, by its name. */
  readonly env: Readonly<Record<string, Runtime["env"]>>;
};

export const service = () =>
  section({
    kind: field(choice(["Service"]), "Always `Service`."),
    name: field(name(), "What is released.", "hello"),
    run: field(run(), "How an instance of it runs."),
    environments: field(
      z.record(z.string(), inEnvironment()),
      "Where it lives: one entry for each environment, by its name.",
    ),
    rollout: field(
      name().optional(),
      "The Rollout that its releases follow, day by day. Default: as each environment takes them.",
      "three-days",
    ),
    releases: field(
      releases().optional(),
      "How many releases keep their artifact. Default: all.",
    ),
  }).transform((raw, ctx): WrittenService => {
    const names = Object.keys(raw.environments);
    if (names.length === 0) {
      complain(
        ctx,
        { code: "wrong-length", message: "expected at least one environment, found none" },
        ["environments"],
      );
    }
    for (const environment of names) {
      const fault = nameFault(environment);
      if (fault !== null) complain(ctx, fault, ["environments", environment]);
    }
    const environments = Object.entries(raw.environments).map(
      ([environment, here]): ServiceInEnvironment => ({
        environment: environment as EnvironmentName,
        playbook: here.playbook,
        instances: here.instances,
        runtime: {
          ...raw.run.runtime,
          env: { ...raw.run.runtime.env, ...here.env },
          resources: here.resources ?? raw.run.runtime.resources,
        },
        route: { listen: here.listen, sticky: here.sticky ?? null, timeouts: here.timeouts },
      }),
    );
    const env = Object.entries(raw.environments).map(([environment, here]) => [
      environment,
      here.env,
    ]);
    return {
      name: raw.name as ServiceName,
      environments,
      rollout: raw.rollout ?? null,
      configuration: raw.run.configuration,
      runEnv: raw.run.runtime.env,
      env: Object.fromEntries(env),
      ...(raw.releases === undefined ? {} : { keepReleases: raw.releases.keep }),
    };
  });

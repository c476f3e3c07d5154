// What passes over the keeper's socket: bodies and replies, with the schemas that both ends parse
// them by. Limits on what one order may ask for are decided here.

import { z } from "zod";
import { CONFIG_FORMATS } from "../../core/configuration/render.ts";
import { isConfigMap } from "../../core/configuration/values.ts";
import type { ConfigMap, ConfigValue } from "../../core/configuration/values.ts";
import type { SlotSpec } from "../../core/effect.ts";
import type { TargetState } from "../../core/snapshot.ts";
import type { Digest, ReleaseId, Actor } from "../../core/ids.ts";
import type { SlotName } from "../../core/lane.ts";
import { REFRESH_SIGNALS } from "../../core/runtime.ts";
import type { RuntimeConfiguration } from "../../core/runtime.ts";

/** Instances that one slot may be ordered to have, over all its cohorts. */
const MAX_INSTANCES_PER_SLOT = 200;
const MAX_COHORTS = 8;
const MAX_ARGUMENTS = 1_000;
const MAX_FILES = 20;
/** A day: no probe, drain or back-off has a reason to be longer. */
const MAX_DURATION_MS = 86_400_000;

/** `service.environment`; also a folder's name, so it must not climb. */
export const laneParam = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/);
export const slotParam = z.enum(["blue", "green"]) satisfies z.ZodType<SlotName>;

const durationMs = z.number().int().min(0).max(MAX_DURATION_MS);
const generation = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const text = z.string().min(1).max(512);
/** What goes to execve must not hold NUL. */
const argument = z
  .string()
  .max(131_072)
  .refine((value) => !value.includes("\0"), "holds NUL");

const probe = z.strictObject({
  path: z
    .string()
    .regex(/^\/[!-~]*$/)
    .max(2_048),
  initialDelayMs: durationMs,
  intervalMs: durationMs.min(10),
  timeoutMs: durationMs.min(1),
  failureThreshold: z.number().int().min(1),
  successThreshold: z.number().int().min(1),
});

const configuration = z.strictObject({
  name: text,
  files: z
    .array(
      z.strictObject({
        // A file's name within a folder of its own, so it must not climb.
        name: z.string().regex(/^(?!\.\.?$)[A-Za-z0-9._-]{1,100}$/),
        format: z.enum(CONFIG_FORMATS),
        variable: z
          .string()
          .regex(/^[^=\0]+$/)
          .nullable(),
        values: z.custom<ConfigMap>((value) => isConfigMap(value as ConfigValue)),
      }),
    )
    .max(MAX_FILES)
    .readonly(),
  refreshMs: durationMs.min(100),
  onRefresh: z.enum(REFRESH_SIGNALS).nullable(),
}) satisfies z.ZodType<RuntimeConfiguration>;

const runtime = z.strictObject({
  command: z.array(argument).min(1).max(MAX_ARGUMENTS).readonly(),
  env: z.record(z.string().regex(/^[^=\0]+$/), argument).readonly(),
  readiness: probe,
  liveness: probe.nullable(),
  stop: z.strictObject({ drainMs: durationMs, killAfterMs: durationMs }),
  restart: z.strictObject({ initialBackoffMs: durationMs, maxBackoffMs: durationMs }),
  resources: z.strictObject({
    cpuCores: z.number().positive(),
    memoryBytes: z.number().positive(),
  }),
  logs: z.strictObject({
    maxFileBytes: z.number().int().min(1),
    keepFiles: z.number().int().min(0).max(100),
  }),
  configuration: configuration.exactOptional(),
});

const releaseId = z.custom<ReleaseId>((value) => text.safeParse(value).success);
const release = z.strictObject({
  id: releaseId,
  artifact: z.custom<Digest>((value) => /^sha256:[0-9a-f]{64}$/.test(String(value))),
  author: z.custom<Actor>((value) => text.safeParse(value).success),
});

export const cohortSchema = z.strictObject({
  release,
  runtime,
  instances: z.number().int().min(0).max(MAX_INSTANCES_PER_SLOT),
});

const slotSpecSchema = z.strictObject({
  slot: slotParam,
  cohorts: z
    .array(cohortSchema)
    .max(MAX_COHORTS)
    .refine(
      (cohorts) => cohorts.reduce((sum, each) => sum + each.instances, 0) <= MAX_INSTANCES_PER_SLOT,
      `asks for more than ${MAX_INSTANCES_PER_SLOT} instances`,
    )
    .readonly(),
}) satisfies z.ZodType<SlotSpec>;

export const orderBodySchema = z.strictObject({
  generation,
  ordinal: z.number().int().min(0).optional(),
  spec: slotSpecSchema,
});

const slotStateSchema = z.object({
  wanted: z.array(z.object({ release: releaseId, instances: z.number() })).readonly(),
  instances: z
    .array(
      z.object({
        id: z.string(),
        release: releaseId,
        phase: z.enum(["starting", "ready", "unready", "backoff", "draining", "stopping"]),
        restarts: z.number(),
        trouble: z.string().optional(),
      }),
    )
    .readonly(),
});

export const targetStateSchema = z.object({
  generation,
  slots: z.object({ blue: slotStateSchema, green: slotStateSchema }),
}) satisfies z.ZodType<TargetState>;

const instanceDetailSchema = z.object({
  id: z.string(),
  slot: slotParam,
  release: releaseId,
  phase: z.enum(["starting", "ready", "unready", "backoff", "draining", "stopping"]),
  /** Null while no process runs. */
  pid: z.number().nullable(),
  host: z.string(),
  port: z.number(),
  restarts: z.number(),
  /** Of runtime.resources.cpuCores, over the last second; null: not measured. */
  cpuPercent: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  /** Of the present process, ms since 1970. */
  startedAt: z.number().nullable(),
  /** Code and signal are both null where the exit happened unobserved. */
  lastExit: z
    .object({ at: z.number(), code: z.number().nullable(), signal: z.string().nullable() })
    .nullable(),
  /** Why it could not be started, in one sentence. */
  problem: z.string().nullable(),
  log: z.string(),
});
export type InstanceDetail = z.infer<typeof instanceDetailSchema>;
export const instancesReplySchema = z.array(instanceDetailSchema).readonly();

/** Metrics that the keeper measures; the others are the router's. */
const KEEPER_METRICS = ["cpu", "memory", "healthCheckFailures", "restarts"] as const;
export type KeeperMetric = (typeof KEEPER_METRICS)[number];
export const keeperMetricSchema = z.enum(KEEPER_METRICS);

const sampleSchema = z.object({ at: z.number(), value: z.number().nullable(), count: z.number() });
export const seriesReplySchema = z.partialRecord(
  keeperMetricSchema,
  z.array(sampleSchema).readonly(),
);
export type SeriesReply = z.infer<typeof seriesReplySchema>;

export const keeperInfoSchema = z.object({
  pid: z.number(),
  version: z.string(),
  startedAt: z.number(),
  router: z.object({
    pid: z.number().nullable(),
    state: z.enum(["starting", "running", "backoff", "stopped"]),
  }),
  instances: z.number(),
});
export type KeeperInfo = z.infer<typeof keeperInfoSchema>;

/** What the keeper cannot know by itself, and keeps in memory alone. */
export const toldSecretsSchema = z.strictObject({
  variables: z.record(z.string(), z.string()).readonly(),
  /** Of the local store; null: it is in a file beside it. */
  key: z.string().nullable(),
  folder: z.string().min(1),
});
export type ToldSecrets = z.infer<typeof toldSecretsSchema>;

export const shutdownBodySchema = z.strictObject({ instances: z.enum(["keep", "stop"]) });

/** Every answer that is not a success: a stable code and a sentence. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  held: z.number().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

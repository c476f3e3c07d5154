// Probes of a release as they are written: within a strategy, and as a step of their own.

import * as z from "zod";
import type { Action, VerifyPolicy } from "../core/playbook.ts";
import { path } from "./addresses.ts";
import { field, section } from "./leaf.ts";
import { duration } from "./quantities.ts";
import { choice, count, name } from "./values.ts";

const MAX_PATHS = 20;

const verifyFields = () => ({
  paths: field(z.array(path()).min(1).max(MAX_PATHS), "Paths that must answer with 2xx or 3xx.", [
    "/health",
  ]),
  through: field(
    choice(["instances", "router"]).prefault("instances"),
    "Ask every instance, or the service as its users reach it.",
    "router",
  ),
  initialWait: field(duration().prefault("0s"), "Wait before the first attempt.", "5s"),
  attempts: field(
    count({ min: 1, max: 100 }).prefault(3),
    "Attempts until it counts as failed.",
    5,
  ),
  interval: field(duration().prefault("5s"), "Time between attempts.", "2s"),
  timeout: field(duration({ min: 1 }).prefault("5s"), "How long one request may take.", "1s"),
});

type VerifyFields = z.output<z.ZodObject<ReturnType<typeof verifyFields>>>;

const verifyPolicy = (raw: VerifyFields): VerifyPolicy => ({
  paths: raw.paths,
  through: raw.through,
  initialWaitMs: raw.initialWait,
  attempts: raw.attempts,
  intervalMs: raw.interval,
  timeoutMs: raw.timeout,
});

/** Within a strategy: it has no name of its own. */
export const verify = () => section(verifyFields()).transform(verifyPolicy);

type Probes = Extract<Action, { kind: "verify" }>;

export const namedVerify = () =>
  section({
    name: field(name().prefault("verify"), "Unique among the playbook's steps.", "smoke"),
    ...verifyFields(),
  }).transform((raw): Probes => ({ kind: "verify", name: raw.name, verify: verifyPolicy(raw) }));

// What the API accepts, said once: the words of paths, queries and bodies. Here text becomes names.
// Anything that is not exactly as described is refused with the place and what was expected.

import * as z from "zod";
import { BACKUP_ID } from "../core/backup/backup.ts";
import { SLUICE, VERSION, VERSION_RULE, instant } from "../core/ids.ts";
import type { Actor, EnvironmentName, ReleaseId, ServiceName } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { RUN_FILTERS } from "./contract/runs.ts";
import { ACTOR } from "./security.ts";

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NAME_RULE = "1 to 63 lower-case letters, digits and dashes";

const nameOf = <T extends string>(what: string) =>
  z
    .string()
    .regex(NAME, `${/^[aeiou]/.test(what) ? "an" : "a"} ${what}'s name has ${NAME_RULE}`)
    .transform((text) => text as T);

export const serviceName = nameOf<ServiceName>("service");
export const environmentName = nameOf<EnvironmentName>("environment");
export const version = z.string().regex(VERSION, `a version has ${VERSION_RULE}`);

export const releaseName = z
  .string()
  .refine((text) => {
    const at = text.indexOf("@");
    return NAME.test(text.slice(0, Math.max(at, 0))) && VERSION.test(text.slice(at + 1));
  }, `a release is written service@version: a name of ${NAME_RULE}, a version of ${VERSION_RULE}`)
  .transform((text) => text as ReleaseId);

/** A run's id, its beginning, or `service.environment`; resolved in run-reference.ts. */
const runReference = z
  .string()
  .regex(
    /^[a-z0-9-]{1,64}(?:\.[a-z0-9-]{1,63})?$/,
    "a run is named by its id, the beginning of it, or service.environment",
  );

/** What was said of more than one run has a number. */
const standingNumber = z
  .string()
  .regex(/^\d{1,15}$/, "is a number, as the lists show it")
  .transform(Number);

const calendarName = nameOf<string>("calendar");
export const databaseName = nameOf<string>("database");
const backupId = z
  .string()
  .max(200)
  .regex(BACKUP_ID, "is no backup's id: write it as sluice backup list shows it");

const REASON_LENGTH = 1_000;
const TICK_LENGTH = 10_000;
const LAST_MOMENT = Date.UTC(9999, 11, 31);
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** All but tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]/u;

/** What somebody says; control characters have no place in it. */
const sentence = (length: number) =>
  z
    .string()
    .trim()
    .min(1, "must say something")
    .max(length, `must have at most ${length} characters`)
    .refine((text) => !CONTROL.test(text), "must hold no control characters");

export const reason = sentence(REASON_LENGTH);
export const reasonOrNull = reason.nullable();
export const answerText = sentence(10_000);
/** May be empty: an item can be done without a word. */
export const tickText = z
  .string()
  .trim()
  .max(TICK_LENGTH, `must have at most ${TICK_LENGTH} characters`)
  .refine((text) => !CONTROL.test(text), "must hold no control characters");
export const alertName = sentence(200);
/** `logging.level`, `LOG_LEVEL`. */
export const configurationKey = sentence(1_000);
export const fileName = sentence(255).refine((text) => !/[/\\]/.test(text), "must hold no folder");
/** A finding's id, a value's name, a ticket's number. */
export const label = sentence(200);
export const webAddress = z
  .url({ protocol: /^https?$/, error: "must be the address of a page, http or https" })
  .max(2_000);

/** Any of them may come as text; what each question takes is looked at in answers.ts. */
export const givenAnswers = z.record(
  z.string().max(200),
  z.union([sentence(10_000), z.number(), z.boolean()]),
);

/** A person's name as it stands in the header that says who asks. */
export const person = z
  .string()
  .trim()
  .regex(ACTOR, "a name has 1 to 100 letters, digits, spaces or any of . _ @ + -")
  .refine((name) => name !== SLUICE, "nobody but the control plane itself is called that")
  .transform((name) => name as Actor);

/** Milliseconds since 1970-01-01T00:00:00Z; up to the year 9999. */
export const moment = z
  .int()
  .min(0)
  .max(LAST_MOMENT)
  .transform((ms) => instant(ms));

/** RFC 3339, as it stands in a query. */
export const momentText = z
  .string()
  .max(40)
  .transform((text, context) => {
    const ms = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
    if (ms >= 0 && ms <= LAST_MOMENT) return instant(ms);
    context.addIssue({ code: "custom", message: "must be a moment such as 2026-11-24T15:00:00Z" });
    return z.NEVER;
  });
export const stepName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "is no step's id");
/** Longer than a step's: where two lists of a gate have one of this name, theirs comes first. */
export const itemName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,199}$/, "is no item's id");
export const planHash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "is no plan's hash: sha256: and 64 hexadecimal digits");
export const slot = z.enum(["blue", "green"]);
export const runFilter = z.enum(RUN_FILTERS);

/** A whole number in a query, where everything is text. */
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, "must be a whole number")
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`);

const MOST_FILES = 2_000;

export const sourceFiles = z
  .array(z.strictObject({ path: z.string().min(1).max(1_000), text: z.string() }))
  .min(1, "holds no file")
  .max(MOST_FILES, `holds more than ${MOST_FILES} files`)
  .readonly();

/** Words that may stand in a path. */
export const PARAMS = {
  service: serviceName,
  environment: environmentName,
  release: releaseName,
  run: runReference,
  standing: standingNumber,
  calendar: calendarName,
  backup: backupId,
};

const MOST_ERRORS = 20;

/** `part`: `body`, `query`, `path`; it begins the place of every error. */
export const parsed = <T>(schema: z.ZodType<T>, value: unknown, part: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues
    .slice(0, MOST_ERRORS)
    .map((issue) => bodyOf(issue, part));
  throw new Refusal(
    first ?? { code: "bad-request", message: "is not as it should be", where: part },
    ...others,
  );
};

const bodyOf = (issue: z.core.$ZodIssue, part: string): RefusalBody => ({
  code: "bad-request",
  where: [part, ...issue.path.map(String)].join(".").slice(0, 200),
  message: issue.code === "unrecognized_keys" ? unknownKeys(issue.keys) : issue.message,
});

const unknownKeys = (keys: readonly string[]): string =>
  `unknown ${keys.length === 1 ? "key" : "keys"} ${keys
    .slice(0, 5)
    .map((key) => JSON.stringify(key.slice(0, 40)))
    .join(", ")}`;

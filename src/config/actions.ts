// What stands before, between and after a strategy: approvals, tasks, probes and manual steps, as
// they are written and as the domain has them.

import * as z from "zod";
import type { Action, VerifyPolicy } from "../core/playbook.ts";
import type { ApprovalRule } from "../core/step.ts";
import { path, url } from "./addresses.ts";
import { environmentVariables } from "./env.ts";
import { complain, field, section } from "./leaf.ts";
import { duration, durationOrNever } from "./quantities.ts";
import { choice, count, flag, name, person, text } from "./values.ts";

const MAX_PEOPLE = 100;
const MAX_ARGUMENTS = 200;
const MAX_PATHS = 20;

const people = () => z.array(person()).min(1).max(MAX_PEOPLE);

export const approval = () =>
  section({
    from: field(people(), "Who may approve.", ["alice", "bob"]),
    count: field(
      count({ min: 1, max: MAX_PEOPLE }).prefault(1),
      "How many of them must, nobody twice.",
      2,
    ),
    notAuthor: field(flag().prefault(true), "The release's author does not count.", false),
    expires: field(
      durationOrNever().prefault("24h"),
      "An approval older than this counts no more; `never` is allowed.",
      "8h",
    ),
  }).transform((raw, ctx): ApprovalRule => {
    const repeated = raw.from.findIndex((who, index) => raw.from.indexOf(who) !== index);
    if (repeated >= 0) {
      complain(ctx, { code: "duplicate-name", message: `${raw.from[repeated]} is named twice` }, [
        "from",
        repeated,
      ]);
    }
    if (raw.count > new Set(raw.from).size) {
      const most = `${raw.from.length}, as many as are named`;
      const message = `expected at most ${most}, found ${raw.count}`;
      complain(
        ctx,
        { code: "too-few-people", message, hint: "name more people or ask for fewer" },
        ["count"],
      );
    }
    return { from: raw.from, count: raw.count, notAuthor: raw.notAuthor, expiresMs: raw.expires };
  });

export const command = () =>
  z
    .array(text({ title: "argument", allowEmpty: true }))
    .min(1)
    .max(MAX_ARGUMENTS)
    .transform((raw, ctx): readonly string[] => {
      if (raw[0] === "")
        complain(
          ctx,
          { code: "bad-command", message: "expected a program, found an empty text" },
          [0],
        );
      return raw;
    });

const http = () =>
  section({
    method: field(
      choice(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).prefault("GET"),
      "The request's method.",
      "POST",
    ),
    url: field(url(), "Where it goes.", "https://cache.example.com/purge"),
    body: field(text({ allowEmpty: true }).optional(), "Sent as it is. Default: no body.", "{}"),
    expect: field(
      z
        .array(count({ min: 100, max: 599 }))
        .min(1)
        .max(50)
        .prefault([200, 201, 202, 204]),
      "Answers that count as success.",
      [200],
    ),
  }).transform((raw, ctx) => {
    if (raw.body !== undefined && (raw.method === "GET" || raw.method === "HEAD")) {
      complain(
        ctx,
        {
          code: "body-without-place",
          message: `expected no body with ${raw.method}`,
          hint: "write method: POST",
        },
        ["body"],
      );
    }
    return {
      kind: "http" as const,
      method: raw.method,
      url: raw.url,
      body: raw.body ?? null,
      expectStatus: raw.expect,
    };
  });

const task = () =>
  section({
    name: field(name(), "Unique among the playbook's steps.", "warm-cache"),
    command: field(
      command().optional(),
      "Program and arguments, run in the release's own folder; exit code 0 is success. " +
        "Either this or `http`.",
      ["./warm", "--all"],
    ),
    env: field(environmentVariables().prefault({}), "Environment variables of the command.", {
      REGION: "eu",
    }),
    http: field(http().optional(), "An HTTP request instead of a command."),
    within: field(duration({ min: 1 }).prefault("10m"), "How long it may take.", "2m"),
    repeatable: field(
      flag().prefault(false),
      "Running it twice does no harm. Without it, an interrupted task is never simply run again.",
      true,
    ),
    onUnknown: field(
      choice(["hold", "back"]).prefault("hold"),
      "What follows when nobody knows whether it ran: wait for a person, or go back.",
      "back",
    ),
    attempts: field(
      count({ min: 1, max: 20 }).prefault(1),
      "How often it may be tried; more than 1 needs `repeatable`.",
      3,
    ),
  }).transform((raw, ctx): Action => {
    if ((raw.command === undefined) === (raw.http === undefined)) {
      const found = raw.command === undefined ? "neither" : "both";
      const message = `expected either command or http, found ${found}`;
      complain(ctx, { code: "one-of", message });
    }
    if (raw.attempts > 1 && !raw.repeatable) {
      const message = `expected 1 for a task that is not repeatable, found ${raw.attempts}`;
      complain(
        ctx,
        {
          code: "not-repeatable",
          message,
          hint: "write repeatable: true if running it twice does no harm",
        },
        ["attempts"],
      );
    }
    const spec = raw.http ?? { kind: "command" as const, command: raw.command ?? [], env: raw.env };
    return {
      kind: "task",
      name: raw.name,
      task: spec,
      deadlineMs: raw.within,
      repeatable: raw.repeatable,
      onUnknown: raw.onUnknown,
      attempts: raw.attempts,
    };
  });

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

const namedVerify = () =>
  section({
    name: field(name().prefault("verify"), "Unique among the playbook's steps.", "smoke"),
    ...verifyFields(),
  }).transform((raw): Action => ({ kind: "verify", name: raw.name, verify: verifyPolicy(raw) }));

const manual = () =>
  section({
    name: field(name(), "Unique among the playbook's steps.", "check-dashboards"),
    instructions: field(text(), "What the person shall do.", "Look at the checkout dashboard."),
    from: field(people(), "Who may answer.", ["alice", "bob"]),
  }).transform((raw): Action => ({ kind: "manual", ...raw }));

/** Keys of an item in `before`, `deploy` and `after`. */
export const actionKeys = () => ({
  approval: field(
    approval()
      .transform((rule): Action => ({ kind: "approval", approval: rule }))
      .optional(),
    "Waits for people to approve this plan.",
  ),
  task: field(task().optional(), "Runs a command or an HTTP request once."),
  verify: field(namedVerify().optional(), "Probes the release until it answers."),
  manual: field(manual().optional(), "Waits for a person to do something and say so."),
});

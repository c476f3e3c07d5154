// Commands and HTTP requests as they are written: tasks, what takes them back, and migrations.

import * as z from "zod";
import type { Action } from "../core/playbook.ts";
import type { TaskSpec } from "../core/task-spec.ts";
import type { RollbackTier, Undo } from "../core/step.ts";
import { quoted } from "../core/units.ts";
import { environmentVariables } from "./env.ts";
import { complain, field, leaf, refused, section, wrongType, type IssueContext } from "./leaf.ts";
import { duration } from "./quantities.ts";
import { headerText, secretUrl } from "./secrets.ts";
import { choice, count, flag, name, text } from "./values.ts";

const MAX_ARGUMENTS = 200;
const TIERS = ["immediate", "gradual", "full"] as const;
/** Signs that a shell would act on; nothing here does. */
const SHELL = /["'`|&;<>\\$*?()]/u;

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

/** A list as elsewhere, or words with spaces between them. */
const commandLine = () =>
  leaf<readonly string[]>({ title: "command", type: ["string", "array"] }, (raw) => {
    if (Array.isArray(raw)) {
      const right = raw.length > 0 && raw.length <= MAX_ARGUMENTS && raw[0] !== "";
      if (right && raw.every((word) => typeof word === "string" && !word.includes("\0")))
        return { kind: "ok", value: raw as readonly string[] };
      const most = MAX_ARGUMENTS - 1;
      const message = `expected a program and at most ${most} arguments, all of them text`;
      return refused({ code: "bad-command", message, hint: 'put numbers in quotes: ["1"]' });
    }
    if (typeof raw !== "string") return wrongType("a command");
    const words = raw.split(/\s+/u).filter((word) => word !== "");
    if (words.length === 0 || words.length > MAX_ARGUMENTS || raw.includes("\0"))
      return refused({ code: "bad-command", message: `expected a command, found ${quoted(raw)}` });
    const sign = SHELL.exec(raw)?.[0];
    if (sign === undefined) return { kind: "ok", value: words };
    const message = `expected words with spaces between, found ${sign}, which no shell will see`;
    return refused({
      code: "bad-command",
      message,
      hint: "write it as a list: [./migrate, up], or [sh, -c, …] for a shell",
    });
  });

const MAX_HEADERS = 50;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/u;
/** They follow from the connection and the body. */
const OWN_HEADERS = /^(?:host|content-length|connection|transfer-encoding|upgrade|te|trailer)$/iu;

const headers = () =>
  z.record(z.string(), headerText()).transform((raw, ctx) => {
    const names = Object.keys(raw);
    if (names.length > MAX_HEADERS) {
      const message = `expected at most ${MAX_HEADERS} headers, found ${names.length}`;
      complain(ctx, { code: "wrong-length", message });
    }
    for (const name of names.filter((one) => !HEADER_NAME.test(one) || OWN_HEADERS.test(one))) {
      const message = `expected the name of a header that may be set, found ${quoted(name)}`;
      complain(ctx, { code: "bad-header", message }, [name]);
    }
    return raw;
  });

const http = () =>
  section({
    method: field(
      choice(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).prefault("GET"),
      "The request's method.",
      "POST",
    ),
    url: field(
      secretUrl(),
      "Where it goes; also `secret:…`, where the whole of it is one.",
      "https://cache.example.com/purge",
    ),
    headers: field(
      headers().prefault({}),
      "Headers by name. `secret:…`, or `${secret:…}` within text, is put in when it is sent.",
      { authorization: "Bearer ${secret:local/cache-token}" },
    ),
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
  }).transform((raw, ctx): TaskSpec => {
    if (raw.body !== undefined && (raw.method === "GET" || raw.method === "HEAD")) {
      const message = `expected no body with ${raw.method}`;
      complain(ctx, { code: "body-without-place", message, hint: "write method: POST" }, ["body"]);
    }
    return {
      kind: "http",
      method: raw.method,
      url: raw.url,
      ...(Object.keys(raw.headers).length === 0 ? {} : { headers: raw.headers }),
      body: raw.body ?? null,
      expectStatus: raw.expect,
    };
  });

/** Keys that say what is done, and how long it may take. */
export const specFields = (within: string) => ({
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
  within: field(duration({ min: 1 }).prefault(within), "How long it may take.", "2m"),
});

type SpecFields = z.output<z.ZodObject<ReturnType<typeof specFields>>>;

/** Faults are reported at the map that is being read. */
export const taskSpec = (raw: Omit<SpecFields, "within">, ctx: IssueContext): TaskSpec => {
  if ((raw.command === undefined) === (raw.http === undefined)) {
    const found = raw.command === undefined ? "neither" : "both";
    const message = `expected either command or http, found ${found}`;
    complain(ctx, { code: "one-of", message });
  }
  return raw.http ?? { kind: "command", command: raw.command ?? [], env: raw.env };
};

const repeatable = () =>
  field(
    flag().prefault(false),
    "Running it twice does no harm. Without it, an interrupted task is never simply run again.",
    true,
  );

const onUnknown = () =>
  field(
    choice(["hold", "back"]).prefault("hold"),
    "What follows when nobody knows whether it ran: wait for a person, or go back.",
    "back",
  );

const undo = (tier: RollbackTier) =>
  section({
    ...specFields("2m"),
    repeatable: repeatable(),
    tier: field(
      choice(TIERS).prefault(tier),
      "In which rollbacks it is done: in every one, from `gradual` on, or only in a `full` one.",
      "full",
    ),
  }).transform((raw, ctx): Undo => ({
    task: taskSpec(raw, ctx),
    deadlineMs: raw.within,
    repeatable: raw.repeatable,
    tier: raw.tier,
  }));

type TaskAction = Extract<Action, { kind: "task" }>;

/** `usual` is its name where none is written, `tier` that of its undo. */
export const task = (usual: string | null, tier: RollbackTier) =>
  section({
    name: field(
      usual === null ? name() : name().prefault(usual),
      "Unique among the playbook's steps.",
      usual ?? "warm-cache",
    ),
    ...specFields("10m"),
    repeatable: repeatable(),
    onUnknown: onUnknown(),
    attempts: field(
      count({ min: 1, max: 20 }).prefault(1),
      "How often it may be tried; more than 1 needs `repeatable`.",
      3,
    ),
    undo: field(undo(tier).optional(), "What takes it back. Default: nothing needs to."),
  }).transform((raw, ctx): TaskAction => {
    const spec = taskSpec(raw, ctx);
    if (raw.attempts > 1 && !raw.repeatable) {
      const message = `expected 1 for a task that is not repeatable, found ${raw.attempts}`;
      const hint = "write repeatable: true if running it twice does no harm";
      complain(ctx, { code: "not-repeatable", message, hint }, ["attempts"]);
    }
    return {
      kind: "task",
      name: raw.name,
      task: spec,
      deadlineMs: raw.within,
      repeatable: raw.repeatable,
      onUnknown: raw.onUnknown,
      attempts: raw.attempts,
      undo: raw.undo ?? null,
      migration: null,
    };
  });

export const migrate = () =>
  section({
    name: field(name().prefault("migrate"), "Unique among the playbook's steps.", "add-column"),
    up: field(commandLine(), "Carries it out; words with spaces between, or a list.", "./db up"),
    down: field(
      commandLine().optional(),
      "Takes it back, in a rollback of the gradual tier. Default: nothing does.",
      "./db down",
    ),
    phase: field(
      choice(["expand", "migrate", "contract"]),
      "`expand` adds and `migrate` fills what both releases can live with. `contract` takes away " +
        "what the old one needs: behind it nothing goes back by itself.",
      "expand",
    ),
    env: field(environmentVariables().prefault({}), "Environment variables of both.", {
      DATABASE: "main",
    }),
    within: field(duration({ min: 1 }).prefault("10m"), "How long either may take.", "30m"),
    repeatable: repeatable(),
    onUnknown: onUnknown(),
  }).transform((raw, ctx): TaskAction => {
    // A way down would promise what cannot be kept: the data is gone, or the release before has
    // seen a schema that it does not know.
    if (raw.phase === "contract" && raw.down !== undefined) {
      const message = "expected no down for a contract: what it takes away does not come back";
      const hint = "leave down out; what can be taken back is phase: expand or migrate";
      complain(ctx, { code: "down-of-contract", message, hint }, ["down"]);
    }
    const spec = (words: readonly string[]): TaskSpec => ({
      kind: "command",
      command: words,
      env: raw.env,
    });
    const { within: deadlineMs, repeatable: twice } = raw;
    const down: Undo | null =
      raw.down === undefined
        ? null
        : { task: spec(raw.down), deadlineMs, repeatable: twice, tier: "gradual" };
    return {
      kind: "task",
      name: raw.name,
      task: spec(raw.up),
      deadlineMs,
      repeatable: twice,
      onUnknown: raw.onUnknown,
      attempts: 1,
      undo: down,
      migration: raw.phase,
    };
  });

// One HTTP request as a task. Decided here: which failures are certain and which leave open whether
// the other side did it.

import type { EffectOutcome } from "../../core/effect.ts";
import { shownText } from "../../core/secrets/shown.ts";
import type { TaskSpec } from "../../core/task-spec.ts";
import type { Secrets } from "../../ports/secrets.ts";
import type { TaskEffect } from "../../ports/tasks.ts";
import { KEPT_BYTES, beginningOf } from "./tail.ts";
import type { Redact } from "./tail.ts";

export interface HttpTask {
  readonly effect: TaskEffect;
  readonly task: Extract<TaskSpec, { kind: "http" }>;
  readonly signal: AbortSignal;
}

/** The connection never stood, so nothing was asked. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const HARMLESS = new Set(["GET", "HEAD", "OPTIONS"]);

/** What is told of it has the references that were written, not what they stand for. */
export const runHttp = async (
  secrets: Secrets,
  { effect, task, signal }: HttpTask,
): Promise<EffectOutcome> => {
  const deadline = AbortSignal.timeout(effect.deadlineMs);
  const asked = await requestOf(secrets, task);
  if (asked.kind === "unresolved")
    return { kind: "refused", code: "secret-unresolved", why: asked.why };
  try {
    const answer = await fetch(asked.url, {
      method: task.method,
      headers: asked.headers,
      body: asked.body,
      redirect: "manual",
      signal: AbortSignal.any([signal, deadline]),
    });
    const said = `${task.method} ${shownText(task.url)}: status ${answer.status}`;
    const text = await beginning(answer, secrets.redact);
    if (task.expectStatus.includes(answer.status)) return { kind: "applied", detail: said };
    const expected = `expected ${task.expectStatus.join(", ")}`;
    const why = `${said}, ${expected}${text === "" ? "" : `; it says:\n${text}`}`;
    return { kind: "refused", code: "http-status", why };
  } catch (error) {
    const reason = deadline.aborted ? "no answer in time" : secrets.redact(reasonOf(error));
    const why = `${task.method} ${shownText(task.url)}: ${reason}`;
    if (signal.aborted) return { kind: "unknown", why: `${why} (the control plane stopped)` };
    if (NOT_SENT.has(codeOf(error))) return { kind: "refused", code: "http-unreachable", why };
    if (effect.repeatable || HARMLESS.has(task.method.toUpperCase())) {
      return { kind: "refused", code: "http-no-answer", why };
    }
    return { kind: "unknown", why };
  }
};

type Asked =
  | {
      readonly kind: "asked";
      readonly url: string;
      readonly body: string | null;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: "unresolved"; readonly why: string };

const requestOf = async (secrets: Secrets, task: HttpTask["task"]): Promise<Asked> => {
  const [line, headers] = await Promise.all([
    secrets.resolve({ url: task.url, body: task.body ?? "" }),
    secrets.resolve(task.headers ?? {}),
  ]);
  if (line.kind === "unresolved") return line;
  if (headers.kind === "unresolved") return headers;
  const { url, body } = line.texts;
  if (!/^https?:\/\//u.test(url) || !URL.canParse(url)) {
    const why = `${shownText(task.url)} stands for something that is no web address`;
    return { kind: "unresolved", why };
  }
  return { kind: "asked", url, body: task.body === null ? null : body, headers: headers.texts };
};

/** The status has decided already, so a body that breaks off is only shorter evidence. */
const beginning = async (answer: Response, redact: Redact): Promise<string> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      parts.push(chunk);
      bytes += chunk.length;
      if (bytes >= KEPT_BYTES) break;
    }
  } catch {
    // What came is told.
  }
  return beginningOf(Buffer.concat(parts).subarray(0, KEPT_BYTES), redact);
};

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** fetch wraps what happened; several addresses of one host wrap it once more. */
const codeOf = (error: unknown): string => {
  const cause = causeOf(error) ?? error;
  const first = cause instanceof AggregateError ? (cause.errors as readonly unknown[])[0] : cause;
  const code = (first as { readonly code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : "";
};

const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  if (code !== "") return code;
  return error instanceof Error ? error.message : String(error);
};

// Errors as replies: a refusal tells its caller everything it holds, anything else tells only the
// request's id and is logged.

import { isDatabaseAway } from "./away.ts";
import type { Problem } from "./contract/problem.ts";
import { Refusal } from "../core/refusal.ts";
import { statusOf } from "./statuses.ts";

export interface FailedRequest {
  readonly id: string;
  readonly about: "definitions" | "anything";
  /** Of a body for its route; absent: nobody read one. */
  readonly bodyLimitBytes?: number | undefined;
}

/** `unexpected` true: nobody foresaw it, so it belongs in the log with its stack. */
export interface ProblemReply {
  readonly problem: Problem;
  readonly unexpected: boolean;
}

export const problemOf = (error: unknown, request: FailedRequest): ProblemReply => {
  const refusal = error instanceof Refusal ? error : knownRefusal(error, request);
  if (refusal === null) return { problem: internal(request.id), unexpected: true };
  const [first] = refusal.bodies;
  return {
    unexpected: false,
    problem: {
      type: `urn:sluice:problem:${refusal.code}`,
      title: titleOf(refusal.code),
      status: statusOf(refusal.code, request.about),
      detail: first?.message ?? titleOf(refusal.code),
      instance: request.id,
      code: refusal.code,
      errors: refusal.bodies,
    },
  };
};

/** Errors of the HTTP server and of a database that is away, in our own words; null: neither. */
const knownRefusal = (
  error: unknown,
  { bodyLimitBytes }: Pick<FailedRequest, "bodyLimitBytes">,
): Refusal | null => {
  if (isDatabaseAway(error)) {
    return new Refusal({
      code: "database-away",
      message: "the control plane cannot reach its database",
      hint: "it keeps trying; ask again in a few seconds",
    });
  }
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return tooLarge(bodyLimitBytes);
    case "FST_ERR_BAD_URL":
      return new Refusal({ code: "bad-request", message: "the request's path is wrongly encoded" });
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new Refusal({ code: "unknown-route", message: "a part of the path is too long" });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Refusal({
        code: "unsupported-body",
        message: "the request's body is not application/json",
      });
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return new Refusal({ code: "bad-json", message: "the request's body is not valid JSON" });
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return cutShort();
    default:
  }
  if (statusCode === 400) {
    return new Refusal({ code: "bad-request", message: "the request could not be understood" });
  }
  return null;
};

const tooLarge = (limitBytes: number | undefined): Refusal =>
  new Refusal({
    code: "too-large",
    message:
      limitBytes === undefined
        ? "the request's body is larger than allowed"
        : `the request's body is larger than the ${limitBytes} bytes that are allowed here`,
    hint: "send less at once",
  });

export const cutShort = (): Refusal =>
  new Refusal({
    code: "cut-short",
    message: "the request ended before all of its body had come",
    hint: "send as much as Content-Length says",
  });

const internal = (id: string): Problem => ({
  type: "urn:sluice:problem:internal",
  title: "Internal",
  status: 500,
  detail: "the control plane failed on this request; its log has the reason under the request's id",
  instance: id,
  code: "internal",
  errors: [],
});

/** `unknown-service` → `Unknown service`. */
const titleOf = (code: string): string => {
  const words = code.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

// What stands behind a route: how its query and body are parsed, what limits it has, what it does.
// The table in handlers.ts has one for each route of the contract, or does not compile.

import * as z from "zod";
import type { Actor } from "../core/ids.ts";
import { BODY_LIMIT_BYTES } from "./contract/protocol.ts";
import type { BodyOf, ParamName, QueryOf, ReplyOf, Route } from "./contract/route.ts";
import { PARAMS } from "./input.ts";
import type { ApiParts } from "./parts.ts";

/** How long a request may take before its caller is told that it was too slow. */
const REQUEST_DEADLINE_MS = 15_000;

type ParamsParsed<P extends string> = {
  readonly [K in ParamName<P> & keyof typeof PARAMS]: z.output<(typeof PARAMS)[K]>;
};

/** What a handler gets: parsed, trusted. */
export interface Asking<P extends string, Query, Body> {
  readonly params: ParamsParsed<P>;
  readonly query: Query;
  readonly body: Body;
  /** Who asks; for GET it may be nobody, and then it is `somebody`. */
  readonly by: Actor;
  readonly signal: AbortSignal;
  readonly parts: ApiParts;
}

export interface Handler {
  readonly route: Route;
  /** One line of help. */
  readonly summary: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  readonly bodyLimitBytes: number;
  readonly deadlineMs: number;
  readonly about: "definitions" | "anything";
  /** The name of the reply's type in the contract, for the OpenAPI document. */
  readonly replies: string;
  readonly handle: (asking: Asking<never, unknown, unknown>) => Promise<unknown>;
}

interface HandlerBody<R extends Route, Q extends z.ZodType, B extends z.ZodType> {
  readonly summary: string;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyLimitBytes?: number;
  readonly deadlineMs?: number;
  readonly about?: "definitions";
  readonly replies: string;
  readonly handle: (asking: Asking<R["path"], z.output<Q>, z.output<B>>) => Promise<ReplyOf<R>>;
}

const NOTHING = z.strictObject({});

/** Ties the schemas to the contract: they accept what the contract says can be sent. */
export const handler = <
  R extends Route,
  Q extends z.ZodType = typeof NOTHING,
  B extends z.ZodType = typeof NOTHING,
>(
  route: R & Accepts<R, Q, B>,
  body: HandlerBody<R, Q, B>,
): Handler => ({
  route,
  summary: body.summary,
  params: paramsSchema(route.path),
  query: body.query ?? NOTHING,
  body: body.body ?? NOTHING,
  bodyLimitBytes: body.bodyLimitBytes ?? BODY_LIMIT_BYTES,
  deadlineMs: body.deadlineMs ?? REQUEST_DEADLINE_MS,
  about: body.about ?? "anything",
  replies: body.replies,
  handle: body.handle as unknown as Handler["handle"],
});

/** Never where the contract lets a caller send what the schema would refuse. */
type Accepts<R extends Route, Q extends z.ZodType, B extends z.ZodType> = [
  QueryText<QueryOf<R>>,
  BodyOf<R>,
] extends [z.input<Q>, z.input<B>]
  ? unknown
  : never;

/** A query as it arrives: every value is text. */
type QueryText<Query> = {
  readonly [K in keyof Query]: Query[K] extends number | undefined ? string | undefined : Query[K];
};

const paramsSchema = (path: string): z.ZodType => {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");
  const known: Readonly<Record<string, z.ZodType>> = PARAMS;
  return z.strictObject(Object.fromEntries(names.map((name) => [name, known[name] ?? z.never()])));
};

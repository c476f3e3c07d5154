// The OpenAPI document, made from the route table: what is written there is what is checked.

import * as z from "zod";
import { ACTOR_HEADER, API_VERSION } from "./contract/protocol.ts";
import { FOLLOW_PATH } from "./contract/routes.ts";
import type { Handler } from "./handler.ts";

export const OPENAPI_PATH = "/v1/openapi.json";
export const METRICS_PATH = "/metrics";

type Json = Readonly<Record<string, unknown>>;

export const openApi = (handlers: Readonly<Record<string, Handler>>): Json => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, handler] of Object.entries(handlers)) {
    const path = handler.route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = {
      ...paths[path],
      [handler.route.method.toLowerCase()]: operation(name, handler),
    };
  }
  paths[FOLLOW_PATH.replace(":run", "{run}")] = { get: FOLLOW };
  paths[METRICS_PATH] = { get: METRICS };
  return {
    openapi: "3.1.0",
    info: { title: "Sluice", version: API_VERSION },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Problem: PROBLEM },
    },
  };
};

const operation = (name: string, handler: Handler): Json => ({
  operationId: name,
  summary: handler.summary,
  parameters: [
    ...parameters(handler.params, "path"),
    ...parameters(handler.query, "query"),
    ...(handler.route.method === "GET" ? [] : [ACTOR]),
  ],
  ...(handler.route.method === "GET"
    ? {}
    : {
        requestBody: {
          required: true,
          content: bodyOf(handler),
        },
      }),
  responses: {
    "200": {
      description: handler.replies,
      content: { [handler.route.gives ?? "application/json"]: { schema: replyOf(handler) } },
    },
    default: FAILURE,
  },
});

const bodyOf = (handler: Handler): Json =>
  handler.route.sends === "bytes"
    ? { "application/octet-stream": { schema: { type: "string", format: "binary" } } }
    : { "application/json": { schema: schemaOf(handler.body) } };

const replyOf = ({ route, replies }: Handler): Json =>
  route.gives === undefined ? { title: replies } : { title: replies, type: "string" };

const ACTOR: Json = {
  name: ACTOR_HEADER,
  in: "header",
  required: true,
  description: "Who asks, percent-encoded",
  schema: { type: "string", maxLength: 300 },
};

const PROBLEM: Json = {
  type: "object",
  required: ["type", "title", "status", "detail", "instance", "code", "errors"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string" },
    code: { type: "string", description: "Stable; never changes its meaning" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["code", "message"],
        properties: {
          code: { type: "string" },
          message: { type: "string" },
          where: { type: "string" },
          hint: { type: "string" },
        },
      },
    },
  },
};

const FAILURE: Json = {
  description: "A problem",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

const FOLLOW: Json = {
  operationId: "follow",
  summary: "Events `progress`, each a RunView, until the run has ended",
  parameters: [{ name: "run", in: "path", required: true, schema: { type: "string" } }],
  responses: {
    "200": {
      description: "Server-sent events",
      content: { "text/event-stream": { schema: { type: "string" } } },
    },
    default: FAILURE,
  },
};

const METRICS: Json = {
  operationId: "metrics",
  summary: "Metrics of the control plane for Prometheus",
  responses: {
    "200": {
      description: "Text exposition format",
      content: { "text/plain": { schema: { type: "string" } } },
    },
    default: FAILURE,
  },
};

/** What a caller sends, so the input side of each schema. */
const schemaOf = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
};

const parameters = (schema: z.ZodType, where: "path" | "query"): readonly Json[] => {
  const { properties, required } = schemaOf(schema) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties ?? {}).map(([name, value]) => ({
    name,
    in: where,
    required: required?.includes(name) ?? false,
    schema: value,
  }));
};

// Definitions: checked, applied; and how the control plane is.

import * as z from "zod";
import { DEFINITIONS_LIMIT_BYTES } from "../contract/protocol.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { sourceFiles } from "../input.ts";

/** Sixteen megabytes of YAML take a while to read. */
const DEADLINE_MS = 60_000;

const limits = {
  body: z.strictObject({ files: sourceFiles }),
  bodyLimitBytes: DEFINITIONS_LIMIT_BYTES,
  deadlineMs: DEADLINE_MS,
  about: "definitions",
} as const;

export const validate = handler(ROUTES.validate, {
  summary: "Check definitions without applying them",
  ...limits,
  replies: "DefinitionsSummary",
  handle: ({ body, parts }) => parts.operations.validate(body.files),
});

export const apply = handler(ROUTES.apply, {
  summary: "Replace all definitions by these",
  ...limits,
  replies: "Applied",
  handle: ({ body, by, parts }) => parts.operations.apply(body.files, by),
});

export const health = handler(ROUTES.health, {
  summary: "Whether the control plane lives and can work",
  replies: "Health",
  handle: ({ parts }) => parts.health(),
});

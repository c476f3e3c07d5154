// validate, apply: definitions from files.

import { resolve } from "node:path";
import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { readDefinitions } from "../definition-files.ts";
import { renderApplied, renderValid } from "../print/definitions.ts";

/** As the control plane gives itself. */
const DEADLINE_MS = 60_000;

export const validate: Run = async (context, paths) => {
  const files = await readDefinitions(paths, context.io.cwd);
  const summary = await context.locals.validate(files, resolve(context.io.cwd, context.dataDir));
  answer(context, summary, (options) => renderValid(summary, files.length, options));
  return 0;
};

export const apply: Run = async (context, paths) => {
  const files = await readDefinitions(paths, context.io.cwd);
  const client = await context.client();
  const applied = await client.call(ROUTES.apply, { body: { files }, deadlineMs: DEADLINE_MS });
  answer(context, applied, (options) => renderApplied(applied, options));
  return 0;
};

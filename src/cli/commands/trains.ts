// train create: a release that brings others.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { renderRelease } from "../print/releases.ts";

export const create: Run = async (context, [release = "", ...members]) => {
  const client = await context.client();
  const made = await client.call(ROUTES.createTrain, { body: { release, members } });
  answer(context, made, (options) => renderRelease(made, options));
  return 0;
};

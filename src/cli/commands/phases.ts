// phases: a release's way over its environments, day by day.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderPhases } from "../print/phases.ts";
import { releaseNamed } from "./release-name.ts";

export const phases: Run = async (context, [service = "", text = ""]) => {
  const client = await context.client();
  const release = text === "" ? undefined : releaseNamed(service, text);
  const view = await client.call(ROUTES.phases, { params: { service }, query: { release } });
  answer(context, view, (options) => renderPhases(view, options));
  return EXIT.ok;
};

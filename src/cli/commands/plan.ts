// plan: what would happen, by the control plane's knowledge or from definitions alone.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import { textOption } from "../options.ts";
import type { Run } from "../context.ts";
import { renderPlan } from "../print/plan.ts";
import { releaseNamed } from "./release-name.ts";

export const plan: Run = async (context, [service = "", environment = "", text = ""]) => {
  const release = releaseNamed(service, text);
  const local = textOption(context.options, "local");
  const request = { service, environment, release };
  const view =
    local === null
      ? await (await context.client()).call(ROUTES.plan, { body: request })
      : await context.locals.plan({
          ...request,
          files: await definitionsAt(local, context.io.cwd),
        });
  answer(context, view, (options) => renderPlan(view, options));
  return 0;
};

const definitionsAt = async (path: string, cwd: string) => {
  const { readDefinitions } = await import("../definition-files.ts");
  return readDefinitions([path], cwd);
};

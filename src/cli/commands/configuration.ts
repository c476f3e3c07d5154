// config explain: what a service gets in an environment, and where each value comes from.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderConfiguration } from "../print/configuration.ts";

/** Fails where a secret cannot be had, so that a script can ask before a release. */
export const explain: Run = async (context, [service = "", environment = "", key = ""]) => {
  const client = await context.client();
  const view = await client.call(ROUTES.configuration, {
    params: { service, environment },
    query: key === "" ? {} : { key },
  });
  answer(context, view, (options) => renderConfiguration(view, options));
  const missing = view.keys.some((one) => one.secrets.some(({ state }) => state !== "resolved"));
  return missing ? EXIT.failed : EXIT.ok;
};

// logs: the last lines of instances.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import { numberOption, textOption } from "../options.ts";
import type { Run } from "../context.ts";
import { usage } from "../cli-failure.ts";
import { renderLogs } from "../print/logs.ts";

export const logs: Run = async (context, [service = "", environment = ""]) => {
  const slot = textOption(context.options, "slot");
  if (slot !== null && slot !== "blue" && slot !== "green") {
    throw usage(`there is no slot ${slot}`, "slots are blue and green");
  }
  const tail = numberOption(context.options, "tail") ?? undefined;
  const client = await context.client();
  const found = await client.call(ROUTES.logs, {
    params: { service, environment },
    query: { slot: slot ?? undefined, tail },
  });
  answer(context, found, (options) => renderLogs(found, options));
  return 0;
};

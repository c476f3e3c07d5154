// deploy, promote, rollback: what begins a run.

import { ROUTES } from "../../api/contract.ts";
import type { RunView } from "../../api/contract.ts";
import type { Client } from "../client.ts";
import { answer } from "../context.ts";
import { textOption } from "../options.ts";
import type { Context, Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderBegun } from "../print/begun.ts";
import { releaseNamed } from "./release-name.ts";

export const deploy: Run = async (context, [service = "", environment = "", release = ""]) => {
  const client = await context.client();
  const body = {
    service,
    environment,
    release: releaseNamed(service, release),
    reason: textOption(context.options, "reason"),
  };
  return begun(context, client, await client.call(ROUTES.deploy, { body }));
};

export const promote: Run = async (context, [service = "", environment = "", release = ""]) => {
  const client = await context.client();
  const body = {
    service,
    environment,
    release: release === "" ? null : releaseNamed(service, release),
    reason: textOption(context.options, "reason"),
  };
  return begun(context, client, await client.call(ROUTES.promote, { body }));
};

/** At three in the morning nobody shall have to think of a reason first. */
const NO_REASON = "rolled back by hand";

export const rollback: Run = async (context, [service = "", environment = ""]) => {
  const client = await context.client();
  const to = textOption(context.options, "to");
  const body = {
    service,
    environment,
    to: to === null ? null : releaseNamed(service, to),
    reason: textOption(context.options, "reason") ?? NO_REASON,
  };
  const view = await client.call(ROUTES.rollback, { body });
  if (context.options["wait"] !== true) return begun(context, client, view);
  const { followRun, isSettled } = await import("../follow-run.ts");
  const last = await followRun(context, client, view.id, isSettled);
  if (context.json) context.io.stdout.write(`${JSON.stringify(last, null, 2)}\n`);
  return cameBack(last) ? EXIT.ok : EXIT.failed;
};

/** Either a run that was turned back, or a run of its own that went to the older release. */
const cameBack = (view: RunView): boolean =>
  view.outcome === (view.origin.kind === "rollback" ? "succeeded" : "rolledBack");

export const begun = async (context: Context, client: Client, view: RunView): Promise<number> => {
  if (context.options["wait"] === true) {
    const { waitFor } = await import("../follow-run.ts");
    return waitFor(context, client, view.id);
  }
  answer(context, view, (options) => renderBegun(view, options));
  return EXIT.ok;
};

// deploy, promote, rollback: what begins a run.

import { ROLLBACK_TIERS } from "../../api/contract/orders.ts";
import { ROUTES } from "../../api/contract/routes.ts";
import type { RunView } from "../../api/contract/runs.ts";
import { usage } from "../cli-failure.ts";
import type { Client } from "../client.ts";
import { answer } from "../context.ts";
import { textOption } from "../options.ts";
import type { Context, Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderBegun } from "../print/begun.ts";
import { releaseNamed } from "./release-name.ts";

export const deploy: Run = async (context, [service = "", environment = "", release = ""]) => {
  const urgency = urgencyOf(context);
  const client = await context.client();
  const body = {
    service,
    environment,
    release: releaseNamed(service, release),
    reason: textOption(context.options, "reason"),
    ...urgency,
  };
  return begun(context, client, await client.call(ROUTES.deploy, { body }));
};

export const promote: Run = async (context, [service = "", environment = "", release = ""]) => {
  const urgency = urgencyOf(context);
  const client = await context.client();
  const body = {
    service,
    environment,
    release: release === "" ? null : releaseNamed(service, release),
    reason: textOption(context.options, "reason"),
    ...urgency,
  };
  return begun(context, client, await client.call(ROUTES.promote, { body }));
};

const urgencyOf = ({ options }: Context) => {
  const emergency = options["emergency"] === true;
  const supersede = options["supersede"] === true;
  if (supersede && !emergency) {
    throw usage("--supersede needs --emergency", "only an emergency sends back what has begun");
  }
  if (emergency && textOption(options, "reason") === null) {
    throw usage("--emergency needs --reason", "it is what the review afterwards begins with");
  }
  return { emergency, supersede };
};

/** At three in the morning nobody shall have to think of a reason first. */
const NO_REASON = "rolled back by hand";

/** `--now` asks nothing, moves all traffic at once, waits for the end and leaves the whole picture.
 * */
export const rollback: Run = async (context, [service = "", environment = ""]) => {
  const tier = tierOf(textOption(context.options, "tier"));
  const now = context.options["now"] === true;
  const client = await context.client();
  const to = textOption(context.options, "to");
  const body = {
    service,
    environment,
    to: to === null ? null : releaseNamed(service, to),
    tier,
    now,
    reason: textOption(context.options, "reason") ?? NO_REASON,
  };
  const view = await client.call(ROUTES.rollback, { body });
  if (context.options["wait"] !== true && !now) return begun(context, client, view);
  const { followRun, isSettled } = await import("../follow-run.ts");
  const last = await followRun(context, client, view.id, isSettled);
  if (now && !context.json && !context.io.stdout.isTTY) await showEnd(context, last);
  if (context.json) context.io.stdout.write(`${JSON.stringify(last, null, 2)}\n`);
  return cameBack(last) ? EXIT.ok : EXIT.failed;
};

const tierOf = (text: string | null): (typeof ROLLBACK_TIERS)[number] | null => {
  if (text === null) return null;
  const found = ROLLBACK_TIERS.find((tier) => tier === text);
  if (found !== undefined) return found;
  throw usage(`there is no tier ${text}`, `one of ${ROLLBACK_TIERS.join(", ")}`);
};

/** On a terminal the picture stands there already. */
const showEnd = async (context: Context, view: RunView): Promise<void> => {
  const { renderRun } = await import("../print/run-tree.ts");
  const { stdout } = context.io;
  stdout.write(`\n${renderRun(view, context.printing(stdout))}\n`);
};

/** Either a run that was turned back, or a run of its own that went to the older release. */
const cameBack = (view: RunView): boolean =>
  view.outcome === (view.origin.kind === "rollback" ? "succeeded" : "rolledBack");

export const begun = async (context: Context, client: Client, view: RunView): Promise<number> => {
  if (context.options["wait"] === true) {
    const { waitFor } = await import("../follow-run.ts");
    return waitFor(context, client, view.id);
  }
  const superseding = context.options["supersede"] === true;
  answer(context, view, (options) => renderBegun(view, options, superseding));
  return EXIT.ok;
};

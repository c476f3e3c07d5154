// approve, reject, answer, alert, hold, resume, abort: what a person says to a run. RUN is looked
// up first, so that the word goes to the run that was seen, and an approval to its plan.

import { ROUTES } from "../../api/contract.ts";
import type { RunView } from "../../api/contract.ts";
import type { Client } from "../client.ts";
import { answer as print } from "../context.ts";
import { textOption } from "../options.ts";
import type { Context, Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderSaid } from "../print/begun.ts";

export const approve: Run = (context, [run = ""]) => judge(context, run, "approve");
export const reject: Run = (context, [run = ""]) => judge(context, run, "reject");

const judge = async (
  context: Context,
  named: string,
  verdict: "approve" | "reject",
): Promise<number> => {
  const client = await context.client();
  const seen = await find(client, named);
  const body = {
    step: textOption(context.options, "step"),
    planHash: seen.planHash,
    verdict,
    reason: textOption(context.options, "reason"),
  };
  const view = await client.call(ROUTES.approval, { params: { run: seen.id }, body });
  return said(context, view, verdict === "approve" ? "approved" : "rejected");
};

export const answer: Run = async (context, [named = "", step = "", text = ""]) => {
  const client = await context.client();
  const { id } = await find(client, named);
  const verdict = context.options["failed"] === true ? "failed" : "done";
  const view = await client.call(ROUTES.answer, {
    params: { run: id },
    body: { step, text, verdict },
  });
  return said(context, view, verdict === "done" ? `${step} is done` : `${step} failed`);
};

export const alert: Run = async (context, [named = "", name = ""]) => {
  const client = await context.client();
  const { id } = await find(client, named);
  const status = context.options["resolved"] === true ? "resolved" : "firing";
  const severity = textOption(context.options, "severity") ?? "";
  const view = await client.call(ROUTES.alert, {
    params: { run: id },
    body: { name, severity, status },
  });
  return said(context, view, `${name} is ${status}`);
};

export const hold: Run = async (context, [named = ""]) => {
  const client = await context.client();
  const { id } = await find(client, named);
  const view = await client.call(ROUTES.hold, {
    params: { run: id },
    body: { reason: reasonOf(context) },
  });
  return said(context, view, "held; what sends it back stays armed");
};

export const resume: Run = async (context, [named = ""]) => {
  const client = await context.client();
  const { id } = await find(client, named);
  return said(context, await client.call(ROUTES.resume, { params: { run: id } }), "goes on");
};

export const abort: Run = async (context, [named = ""]) => {
  const client = await context.client();
  const { id } = await find(client, named);
  const view = await client.call(ROUTES.abort, {
    params: { run: id },
    body: { reason: reasonOf(context) },
  });
  if (context.options["wait"] !== true)
    return said(context, view, "given up; it returns to the stable release");
  const { followRun, isSettled } = await import("../follow-run.ts");
  const last = await followRun(context, client, id, isSettled);
  if (context.json) context.io.stdout.write(`${JSON.stringify(last, null, 2)}\n`);
  return last.outcome === "aborted" ? EXIT.ok : EXIT.failed;
};

const find = (client: Client, run: string): Promise<RunView> =>
  client.call(ROUTES.run, { params: { run } });

const reasonOf = (context: Context): string => textOption(context.options, "reason") ?? "";

const said = (context: Context, view: RunView, what: string): number => {
  print(context, view, (options) => renderSaid(view, what, options));
  return EXIT.ok;
};

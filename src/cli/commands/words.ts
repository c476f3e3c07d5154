// approve, reject, tick, answer, alert, hold, resume, abort: what a person says to a run. RUN is
// looked up first, so that the word goes to the run that was seen, and an approval to its plan.

import { ROUTES } from "../../api/contract/routes.ts";
import type { RunView } from "../../api/contract/runs.ts";
import type { TickBody } from "../../api/contract/words.ts";
import { usage } from "../cli-failure.ts";
import type { Client } from "../client.ts";
import { answer as print } from "../context.ts";
import { listOption, textOption } from "../options.ts";
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
  const answers = answersIn(listOption(context.options, "answer"));
  const client = await context.client();
  const seen = await find(client, named);
  const body = {
    step: textOption(context.options, "step"),
    planHash: seen.planHash,
    verdict,
    reason: textOption(context.options, "reason"),
    answers,
  };
  const view = await client.call(ROUTES.approval, { params: { run: seen.id }, body });
  return said(context, view, verdict === "approve" ? `approved${stillOpen(view)}` : "rejected");
};

/** `; 1 more is needed, from bob or carol`. */
const stillOpen = ({ asks }: RunView): string => {
  const open = asks.flatMap((ask) => (ask.kind === "approval" ? [ask] : []));
  return open
    .map(({ needed, given, open: people }) => {
      const more = Math.max(1, needed - given.length);
      const from =
        people.length === 0 ? "and nobody is left who may" : `from ${people.join(" or ")}`;
      return `; ${more} more ${more === 1 ? "is" : "are"} needed, ${from}`;
    })
    .join("");
};

/** `ticket=CHG-7`: everything behind the first `=` is the answer. */
const answersIn = (given: readonly string[]): Readonly<Record<string, string>> => {
  const answers = given.map((text) => {
    const at = text.indexOf("=");
    if (at <= 0) throw usage(`--answer ${text} names no question`, "write --answer NAME=VALUE");
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  const [twice] = answers.filter(([name], at) => answers.findIndex(([n]) => n === name) !== at);
  if (twice !== undefined) throw usage(`--answer ${twice[0]} is given twice`);
  return Object.fromEntries(answers);
};

/** One word for all of them. Where one is refused, those before it stand, and are told. */
export const tick: Run = async (context, [named = "", ...items]) => {
  const word = tickWord(context);
  const client = await context.client();
  const { id } = await find(client, named);
  const step = textOption(context.options, "step");
  const ticked: string[] = [];
  let view: RunView | null = null;
  try {
    for (const item of items) {
      const body = { step, item, ...word };
      view = await client.call(ROUTES.tick, { params: { run: id }, body });
      ticked.push(item);
    }
  } finally {
    if (view !== null) said(context, view, `${ticked.join(", ")} ${tickedText(word, ticked)}`);
  }
  return EXIT.ok;
};

const tickedText = (
  { verdict }: Pick<TickBody, "verdict">,
  { length }: readonly string[],
): string => {
  if (verdict === "failed") return "failed";
  const verb = length === 1 ? "is" : "are";
  return verdict === "done" ? `${verb} done` : `${verb} left out`;
};

/** Exactly one of the three words. */
const tickWord = ({ options }: Context): Pick<TickBody, "verdict" | "text"> => {
  const words = [
    ["done", options["done"]],
    ["failed", options["failed"]],
    ["skipped", options["skip"]],
  ] as const;
  const given = words.filter(([, text]) => text !== undefined && text !== false);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw usage("say one of --done, --failed TEXT and --skip TEXT");
  }
  return { verdict: only[0], text: typeof only[1] === "string" ? only[1] : "" };
};

export const answer: Run = async (context, [named = "", step = "", text = ""]) => {
  const client = await context.client();
  const { id } = await find(client, named);
  const { failed, again } = context.options;
  if (failed === true && again === true) throw usage("say one of --failed and --again");
  const verdict = failed === true ? "failed" : again === true ? "again" : "done";
  const view = await client.call(ROUTES.answer, {
    params: { run: id },
    body: { step, text, verdict },
  });
  const words = { done: "is done", failed: "failed", again: "is begun again" } as const;
  return said(context, view, `${step} ${words[verdict]}`);
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
  const unheard = view.because.find(({ code }) => code === "alert-unheard");
  const but = unheard === undefined ? "" : `, but ${unheard.text}`;
  return said(context, view, `${name} is ${status}${but}`);
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

// runs, show, why: looking at runs.

import { ROUTES } from "../../api/contract/routes.ts";
import { RUN_FILTERS } from "../../api/contract/runs.ts";
import type { RunFilter, RunView } from "../../api/contract/runs.ts";
import { answer } from "../context.ts";
import { numberOption, textOption } from "../options.ts";
import type { Run } from "../context.ts";
import { usage } from "../cli-failure.ts";

export const runs: Run = async (context, [service]) => {
  const client = await context.client();
  const list = await client.call(ROUTES.runs, {
    query: {
      service: service === "" ? undefined : service,
      environment: textOption(context.options, "environment") ?? undefined,
      state: filterOf(textOption(context.options, "state")),
      limit: numberOption(context.options, "limit") ?? undefined,
    },
  });
  const { renderRuns } = await import("../print/runs.ts");
  answer(context, list, (options) => renderRuns(list, options));
  return 0;
};

const filterOf = (text: string | null): RunFilter | undefined => {
  if (text === null) return undefined;
  const plain = (word: string): string => word.toLowerCase().replaceAll("-", "");
  const found = RUN_FILTERS.find((filter) => plain(filter) === plain(text));
  if (found !== undefined) return found;
  throw usage(`there is no state ${text}`, `one of ${RUN_FILTERS.join(", ")}`);
};

export const show: Run = async (context, [run = ""]) => {
  const client = await context.client();
  if (context.options["watch"] === true) {
    const { followRun, hasEnded } = await import("../follow-run.ts");
    const view = await followRun(context, client, run, hasEnded);
    if (context.json) context.io.stdout.write(`${JSON.stringify(view, null, 2)}\n`);
    return 0;
  }
  const view: RunView = await client.call(ROUTES.run, { params: { run } });
  const { renderRun } = await import("../print/run-tree.ts");
  answer(context, view, (options) => renderRun(view, options));
  return 0;
};

export const why: Run = async (context, [run = ""]) => {
  const client = await context.client();
  const view = await client.call(ROUTES.run, { params: { run } });
  const { renderWhy } = await import("../print/why.ts");
  answer(context, view, (options) => renderWhy(view, options));
  return 0;
};

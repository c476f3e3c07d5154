// status: the table of lanes, once or live.

import { ROUTES } from "../../api/contract/routes.ts";
import type { LaneList } from "../../api/contract/lanes.ts";
import { answer } from "../context.ts";
import { textOption } from "../options.ts";
import type { Context, Run } from "../context.ts";
import { usage } from "../cli-failure.ts";
import { renderStatus } from "../print/status.ts";

const WATCH_MS = 500;

export const status: Run = async (context, [service]) => {
  const client = await context.client();
  const query = {
    service: service === "" ? undefined : service,
    environment: textOption(context.options, "environment") ?? undefined,
  };
  const look = (): Promise<LaneList> => client.call(ROUTES.lanes, { query });
  if (context.options["watch"] === true) return watch(context, look);
  const lanes = await look();
  answer(context, lanes, (options) => renderStatus(lanes, options));
  return 0;
};

const watch = async (context: Context, look: () => Promise<LaneList>): Promise<number> => {
  const { io } = context;
  if (!io.stdout.isTTY || context.json) {
    throw usage("--watch redraws a terminal, and this is none", "leave it out, or use runs --json");
  }
  const { openScreen } = await import("../screen.ts");
  const first = await look();
  const screen = openScreen(io.stdout);
  screen.draw(renderStatus(first, context.printing(io.stdout)));
  try {
    while (!io.interrupted.aborted) {
      await io.sleep(WATCH_MS, io.interrupted);
      const lanes = await look();
      screen.draw(renderStatus(lanes, context.printing(io.stdout)));
    }
  } catch (error) {
    if (!io.interrupted.aborted) throw error;
  } finally {
    screen.end();
  }
  return 0;
};

// up, down, init: the control plane itself, begun and stopped by what main.ts hands in.

import { answer } from "../context.ts";
import { numberOption, textOption } from "../options.ts";
import type { Run } from "../context.ts";
import { usage } from "../cli-failure.ts";
import { renderInit, renderStopped, renderUp } from "../print/plant.ts";

const USUAL_PORT = 4_680;
const MOST_PORT = 65_535;

export const up: Run = (context) => {
  const { io, options, dataDir } = context;
  const port = numberOption(options, "port") ?? USUAL_PORT;
  if (port > MOST_PORT) throw usage(`--port must be at most ${MOST_PORT}, not ${port}`);
  return context.locals.up({
    dataDir,
    port,
    databaseUrl: textOption(options, "databaseUrl") ?? io.env["SLUICE_DATABASE_URL"] ?? null,
    ready: (started) => answer(context, started, (printing) => renderUp(started, printing)),
  });
};

export const down: Run = async (context) => {
  const { dataDir, options } = context;
  const stopped = await context.locals.down({ dataDir, all: options["all"] === true });
  answer(context, stopped, (printing) => renderStopped(stopped, printing));
  return 0;
};

const USUAL_FOLDER = "definitions";

export const init: Run = async (context, [folder = ""]) => {
  const written = await context.locals.init(folder === "" ? USUAL_FOLDER : folder);
  answer(context, written, (printing) => renderInit(written, printing));
  return 0;
};

// The keeper as a program. It holds the data directory's lock while it lives; a second one leaves
// at once, with exit code 0.
// `node main.ts --data-dir FOLDER [--router FILE] [--router-metrics HOST:PORT]`.

import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { layoutOf } from "../../../layout/layout.ts";
import type { Layout } from "../../../layout/layout.ts";
import { folderBlobs } from "../../folder-blobs/blobs.ts";
import { toldSecrets } from "../../secrets/told.ts";
import { ownEnvironment } from "../clean-environment.ts";
import { compileCache, keeperSocket, routerLog, routerRecord, routerSocket } from "../paths.ts";
import { ownFolder } from "../own-folder.ts";
import { Keeper } from "./keeper.ts";
import type { Note } from "./keeper.ts";
import { takeLock } from "./lock.ts";
import { pause } from "./pause.ts";
import { systemProcesses } from "./processes.ts";
import { routerLink } from "./router-link.ts";
import type { RouterPlace } from "./router-process.ts";
import { routes } from "./routes.ts";
import { serve } from "./server.ts";

/** Time for the answer to a shutdown to leave. */
const LAST_WORDS_MS = 50;

const note: Note = (event, data) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...data })}\n`);
};

const root = join(import.meta.dirname, "../../../..");

const version = (): string =>
  String(
    (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version?: unknown }).version,
  );

const routerPlace = (layout: Layout, script: string, metrics: string | undefined): RouterPlace => ({
  command: [
    process.execPath,
    script,
    "--socket",
    routerSocket(layout),
    "--state",
    layout.router,
    ...(metrics === undefined ? [] : ["--metrics", metrics]),
  ],
  folder: layout.dataDir,
  env: ownEnvironment(compileCache(layout)),
  log: routerLog(layout),
  record: routerRecord(layout),
});

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      "data-dir": { type: "string" },
      router: { type: "string" },
      "router-metrics": { type: "string" },
    },
  });
  if (values["data-dir"] === undefined) throw new Error("--data-dir is missing");
  const layout = layoutOf(values["data-dir"]);
  const processes = systemProcesses();
  for (const folder of [layout.keeper, layout.sockets, layout.router]) ownFolder(folder);
  const holder = await takeLock(layout.keeper, processes);
  if (holder !== null) return note("keeper.there-already", { pid: holder.pid });

  const ownRouter = join(
    import.meta.dirname,
    `../../../router/main${extname(import.meta.filename)}`,
  );
  const script = values.router ?? ownRouter;
  const startedAt = Date.now();
  const { secrets, tell } = toldSecrets(layout.secrets);
  const keeper = new Keeper({
    layout,
    secrets,
    blobs: folderBlobs(layout.artifacts),
    processes,
    link: routerLink(routerSocket(layout)),
    router: routerPlace(layout, script, values["router-metrics"]),
    note,
  });
  const leave = (): void => {
    note("keeper.left", { pid: process.pid });
    process.exit(0);
  };
  // Instances and router stay: whoever comes next adopts them.
  process.once("SIGTERM", leave);
  process.once("SIGINT", leave);
  await keeper.start();
  const info = { pid: process.pid, version: version(), startedAt };
  const handler = routes({
    keeper,
    layout,
    tellSecrets: tell,
    redact: secrets.redact,
    info: () => ({ ...info, router: keeper.router.status, instances: keeper.instances }),
    shutdown: async (instances) => {
      note("keeper.shutdown", { instances });
      if (instances === "stop") await keeper.end();
      void pause(LAST_WORDS_MS).then(leave);
    },
  });
  await serve(keeperSocket(layout), handler, note);
  note("keeper.started", info);
  // Otherwise only written at a peaceful exit, and the next start may follow a kill.
  flushCompileCache();
};

try {
  await main();
} catch (error) {
  note("keeper.failed", { why: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}

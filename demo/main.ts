// `npm run demo`: the main job on the embedded default, on this machine, in under 90 seconds.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { writeArtifacts } from "./artifacts.ts";
import { startControlPlane, stopDemo } from "./control-plane.ts";
import type { ControlPlane } from "./control-plane.ts";
import { openScreen } from "./screen.ts";
import { PRODUCTION, play } from "./story.ts";
import { inWords, summaryOf } from "./summary.ts";

const HELP = `npm run demo [-- OPTIONS]

Takes three releases of a small service through development, staging and production on this
machine: 1.0.0 is installed, 1.1.0 climbs 5, 25, 50, 100 % of live traffic, 1.2.0 is bad and comes
back by itself.

  --json   one JSON object on stdout, progress on stderr
  --keep   leaves everything running and says how to look around
  --help   this text

Exits 0 when all went as told, 1 when not, 2 on a wrong option.
Example: npm run demo -- --json
`;

const DATA_DIR = resolve(import.meta.dirname, "..", ".sluice", "demo");

const main = async (): Promise<number> => {
  const options = parse();
  if (options === null) return 2;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const screen = openScreen(options.json ? process.stderr : process.stdout);
  const interrupted = stopOnSignal();
  await clear();
  const folder = await mkdtemp(join(tmpdir(), "sluice-demo-"));
  let plane: ControlPlane | null = null;
  try {
    plane = await startControlPlane(DATA_DIR);
    interrupted.plane = plane;
    screen.tell("control plane up: PostgreSQL, worker, API, router");
    const summary = summaryOf(await play(plane.api, await writeArtifacts(folder), screen));
    screen.close();
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else process.stdout.write(`\n${inWords(summary)}\n`);
    if (options.keep) (options.json ? process.stderr : process.stdout).write(lookAround());
    return summary.ok ? 0 : 1;
  } finally {
    screen.close();
    if (!options.keep) await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const parse = (): { json: boolean; keep: boolean; help: boolean } | null => {
  try {
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({ options: { json: flag, keep: flag, help: flag } });
    return { json: values.json, keep: values.keep, help: values.help };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return null;
  }
};

/** What an earlier demo left: ended first, so that its ports are free. */
const clear = async (): Promise<void> => {
  await stopDemo(DATA_DIR);
  await rm(DATA_DIR, { recursive: true, force: true });
};

const stopOnSignal = (): { plane: ControlPlane | null } => {
  const held: { plane: ControlPlane | null } = { plane: null };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void (held.plane?.stop() ?? Promise.resolve()).finally(() => process.exit(130));
    });
  }
  return held;
};

const lookAround = (): string => `
It is still running. From this folder:

  export SLUICE_DATA_DIR=${DATA_DIR}
  npx sluice status            where everything stands
  npx sluice runs              what happened
  npx sluice show hello.production
  curl ${PRODUCTION}
  npx sluice down --all        ends it
`;

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

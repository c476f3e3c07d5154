// A run told live: its view whenever it changed, as server-sent events, until it has ended. Level
// by level: who joins late or again sees how things are, and misses only what is past.

import type { ServerResponse } from "node:http";
import { once } from "node:events";
import type { RunId } from "../core/ids.ts";
import { isDatabaseAway } from "./away.ts";
import { HEARTBEAT_MS } from "./contract.ts";
import type { RunView } from "./contract.ts";
import type { ApiParts } from "./parts.ts";
import { readView } from "./run-reading.ts";

/** How soon a change is seen. */
const LOOK_MS = 200;
/** Between looks while the database is away. */
const AWAY_MS = 1_000;

/** `beat` yields where nothing changed for a while, so that a silent line is known to be broken. */
type Progress = { readonly kind: "view"; readonly view: RunView } | { readonly kind: "beat" };

/** Ends with the run, or with the signal. Lives through a database that is away for a while. */
async function* progressOf(
  parts: ApiParts,
  run: RunId,
  signal: AbortSignal,
): AsyncGenerator<Progress> {
  let told = "";
  let lastAt = parts.world.now();
  while (!signal.aborted) {
    const view = await lookOnce(parts, run);
    const text = view === null ? told : JSON.stringify(view);
    if (view !== null && text !== told) {
      told = text;
      lastAt = parts.world.now();
      yield { kind: "view", view };
      if (view.phase === "ended") return;
    } else if (parts.world.now() - lastAt >= HEARTBEAT_MS) {
      lastAt = parts.world.now();
      yield { kind: "beat" };
    }
    await parts.world.sleep(view === null ? AWAY_MS : LOOK_MS, signal);
  }
}

/** Null while the database is away. */
const lookOnce = async (parts: ApiParts, run: RunId): Promise<RunView | null> => {
  try {
    const stored = await parts.runs.load(run);
    return stored === null ? null : await readView(parts, stored);
  } catch (error) {
    if (isDatabaseAway(error)) return null;
    throw error;
  }
};

/** Writes events until the run has ended, the reader has gone or the signal says so. */
export const streamRun = async (
  parts: ApiParts,
  run: RunId,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> => {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const until = AbortSignal.any([signal, gone.signal]);
  for await (const progress of progressOf(parts, run, until)) {
    const text =
      progress.kind === "beat"
        ? ":\n\n"
        : `event: progress\ndata: ${JSON.stringify(progress.view)}\n\n`;
    if (!response.write(text))
      await once(response, "drain", { signal: until }).catch(() => undefined);
  }
  response.end();
};

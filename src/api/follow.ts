// A run told live: its view whenever it changed, as server-sent events, until it has ended. Level
// by level: who joins late or again sees how things are, and misses only what is past.

import type { ServerResponse } from "node:http";
import { once } from "node:events";
import type { RunId } from "../core/ids.ts";
import type { Standing } from "../core/standing.ts";
import { isDatabaseAway } from "./away.ts";
import { HEARTBEAT_MS } from "./contract/protocol.ts";
import type { RunView } from "./contract/runs.ts";
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
    const look = await lookOnce(parts, run, told);
    if (look.kind === "changed") {
      told = look.mark;
      lastAt = parts.world.now();
      yield { kind: "view", view: look.view };
      if (look.view.phase === "ended") return;
    } else if (parts.world.now() - lastAt >= HEARTBEAT_MS) {
      lastAt = parts.world.now();
      yield { kind: "beat" };
    }
    await parts.world.sleep(look.kind === "away" ? AWAY_MS : LOOK_MS, signal);
  }
}

type Look =
  | { readonly kind: "changed"; readonly mark: string; readonly view: RunView }
  | { readonly kind: "same" }
  | { readonly kind: "away" };

const standingMark = (standing: readonly Standing[]): string =>
  standing.map(({ seq, ended }) => `${seq}${ended === null ? "" : "x"}`).join();

/** What a run is changes with its revision, with what is said to it, and with what is said of its
 * release and its place. */
const lookOnce = async (parts: ApiParts, id: RunId, told: string): Promise<Look> => {
  try {
    const stored = await parts.runs.load(id);
    if (stored === null) return { kind: "same" };
    const mark = `${stored.run.revision}/${stored.facts.length}/${standingMark(stored.standing)}`;
    if (mark === told) return { kind: "same" };
    return { kind: "changed", mark, view: await readView(parts, stored) };
  } catch (error) {
    if (isDatabaseAway(error)) return { kind: "away" };
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

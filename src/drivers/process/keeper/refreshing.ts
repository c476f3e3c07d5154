// Reads the secrets in an instance's files again while it runs. What cannot be read leaves the
// files as they are: an instance that runs is never stopped for it.

import type { RefreshSignal, Runtime } from "../../../core/runtime.ts";
import type { Written } from "./config-files.ts";
import { pause } from "./pause.ts";

export interface Refreshing {
  /** As it is ordered now. */
  readonly runtime: () => Runtime;
  readonly write: () => Promise<Written>;
  readonly signal: (signal: RefreshSignal) => void;
  /** A line for people, when something is another way than before. */
  readonly say: (text: string) => void;
  /** Null: the files are as they should be. */
  readonly trouble: (why: string | null) => void;
}

/** For an instance without files: how soon it is looked whether it got some. */
const IDLE_MS = 60_000;

/** Goes on until the signal. */
export const keepRefreshing = async (parts: Refreshing, until: AbortSignal): Promise<void> => {
  let told: string | null = null;
  while (!until.aborted) {
    await pause(parts.runtime().configuration?.refreshMs ?? IDLE_MS, until);
    const { configuration } = parts.runtime();
    if (until.aborted || configuration === undefined) continue;
    const why = await refresh(parts, configuration.onRefresh);
    parts.trouble(why);
    if (why !== null && why !== told) parts.say(`its configuration stays as it was: ${why}`);
    told = why;
  }
};

const refresh = async (
  parts: Refreshing,
  onRefresh: RefreshSignal | null,
): Promise<string | null> => {
  try {
    const written = await parts.write();
    if (written.kind === "unresolved") return written.why;
    if (!written.changed) return null;
    parts.say(`its configuration was rewritten${onRefresh === null ? "" : `, ${onRefresh} sent`}`);
    if (onRefresh !== null) parts.signal(onRefresh);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

// Releases in memory.

import { releaseDraft } from "../../core/audit-drafts.ts";
import type { ReleaseStore } from "../../ports/catalog.ts";
import { appendControl } from "./state.ts";
import type { State } from "./state.ts";

export const memoryReleases = (state: State): ReleaseStore => {
  const { releases } = state;
  return {
    add: async (release) => {
      const there = releases.get(release.id);
      if (there !== undefined) return { kind: "exists", release: there };
      releases.set(release.id, release);
      appendControl(state, releaseDraft(release));
      return { kind: "added", release };
    },
    get: async (id) => releases.get(id) ?? null,
    list: async (service, limit) =>
      [...releases.values()]
        .filter((release) => service === null || release.service === service)
        .toReversed()
        .slice(0, limit),
  };
};

// How most planted bugs come in: what the shell reads of a run is not what is there.

import type { StoredPass } from "../ports/store.ts";
import type { ShellParts } from "../shell/parts.ts";

export type Change = (parts: ShellParts) => ShellParts;

/** What is read is not what is there. */
export const misread =
  (change: (stored: StoredPass, parts: ShellParts) => StoredPass): Change =>
  (parts) => ({
    ...parts,
    runs: {
      ...parts.runs,
      load: async (id) => {
        const stored = await parts.runs.load(id);
        return stored === null ? null : change(stored, parts);
      },
    },
  });

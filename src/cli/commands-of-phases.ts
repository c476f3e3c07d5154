// Commands about what goes on for days: the phases of a release, and what is left to do after it.

import { RELEASE, SERVICE } from "./command-spec.ts";
import type { CommandSpec } from "./command-spec.ts";

export const PHASE_COMMANDS: readonly CommandSpec[] = [
  {
    name: "phases",
    summary: "show a release's way over its environments, day by day",
    args: [SERVICE, { ...RELEASE, name: "[RELEASE]", about: "a version; the newest" }],
    options: [],
    examples: [
      ["phases hello", "what was verified when, and what comes on which day"],
      ["phases hello 1.1.0", "of that release"],
    ],
    load: async () => (await import("./commands/phases.ts")).phases,
  },
  {
    name: "checklists",
    summary: "list what somebody still has to do, also of runs that have ended",
    args: [],
    options: [],
    examples: [["checklists", "open items with owner and due time, and how each is ticked"]],
    load: async () => (await import("./commands/checklists.ts")).checklists,
  },
];

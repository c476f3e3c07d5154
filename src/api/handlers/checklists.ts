// Open checklists, whoever waits for them.

import { openChecklists } from "../checklist-reading.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";

export const checklists = handler(ROUTES.checklists, {
  summary: "Checklists that somebody still has to do, also of runs that have ended",
  replies: "OpenChecklists",
  handle: async ({ parts }) => ({ checklists: await openChecklists(parts) }),
});

// checklists: what somebody still has to do, also of runs that have ended.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderChecklists } from "../print/checklists.ts";

export const checklists: Run = async (context) => {
  const client = await context.client();
  const found = await client.call(ROUTES.checklists, {});
  answer(context, found, (options) => renderChecklists(found, options));
  return EXIT.ok;
};

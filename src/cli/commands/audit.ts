// audit verify, audit list.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import { numberOption } from "../options.ts";
import type { Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderAudit, renderVerdict } from "../print/audit.ts";

/** A long chain takes long to hash. */
const VERIFY_DEADLINE_MS = 300_000;

export const verify: Run = async (context) => {
  const client = await context.client();
  const verdict = await client.call(ROUTES.verifyAudit, { deadlineMs: VERIFY_DEADLINE_MS });
  answer(context, verdict, (options) => renderVerdict(verdict, options));
  return verdict.verified ? EXIT.ok : EXIT.failed;
};

export const list: Run = async (context, [chain]) => {
  const client = await context.client();
  const found = await client.call(ROUTES.audit, {
    query: {
      chain: chain === "" ? undefined : chain,
      after: numberOption(context.options, "after") ?? undefined,
      limit: numberOption(context.options, "limit") ?? undefined,
    },
  });
  answer(context, found, (options) => renderAudit(found, options));
  return EXIT.ok;
};

// The audit chain: read, and verified from its first record.

import * as z from "zod";
import { Refusal } from "../../core/refusal.ts";
import { didYouMean } from "../../core/closest.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";
import { wholeNumber } from "../input.ts";

const MOST_RECORDS = 1_000;
const USUAL_RECORDS = 100;
/** A long chain takes long to hash. */
const VERIFY_DEADLINE_MS = 300_000;

export const audit = handler(ROUTES.audit, {
  summary: "Records of an audit chain, in order",
  query: z.strictObject({
    chain: z.string().max(200).optional(),
    after: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
    limit: wholeNumber(1, MOST_RECORDS).optional(),
  }),
  replies: "AuditList",
  handle: async ({ query, parts }) => {
    const chain = query.chain ?? "control";
    const chains = await parts.audit.chains();
    if (!chains.includes(chain) && chain !== "control") {
      throw new Refusal({
        code: "unknown-chain",
        message: `there is no audit chain ${chain}`,
        hint: didYouMean(chain, chains),
      });
    }
    const limit = query.limit ?? USUAL_RECORDS;
    const after = query.after ?? Math.max(0, (await parts.audit.head(chain)) - limit);
    const records = await parts.audit.read(chain, after, limit);
    return { chain, chains, records };
  },
});

export const verifyAudit = handler(ROUTES.verifyAudit, {
  summary: "Recompute every audit chain",
  deadlineMs: VERIFY_DEADLINE_MS,
  replies: "AuditVerdict",
  handle: ({ parts }) => parts.operations.verifyAudit(),
});

// Secrets that something will ask for and that cannot be had as of now. Values are looked up to
// know whether they are there, and go nowhere.

import type { MissingSecret } from "../api/contract/secrets.ts";
import type { SecretNeed } from "../core/secrets/needs.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { Secrets } from "../ports/secrets.ts";

/** A limit for what is asked at every look at a run. */
const MAX_ASKED = 200;

export const missingSecrets = async (
  needs: readonly SecretNeed[],
  { check }: Pick<Secrets, "check">,
): Promise<readonly MissingSecret[]> => {
  const missing: MissingSecret[] = [];
  for (const { reference, text, by } of needs.slice(0, MAX_ASKED)) {
    const read = await check(reference);
    if (read.kind === "found") continue;
    const why = read.kind === "missing" ? read.hint : read.why;
    missing.push({ reference: text, by, state: read.kind, why });
  }
  return missing;
};

export const missingWarnings = (missing: readonly MissingSecret[]): readonly RefusalBody[] =>
  missing.map(({ reference, by, state, why }) => {
    const [code, what] =
      state === "missing"
        ? ["missing-secret", "is not there yet"]
        : ["unreadable-secret", "cannot be read"];
    return { code, message: `${by.join(", ")}: ${reference} ${what}`, hint: why };
  });

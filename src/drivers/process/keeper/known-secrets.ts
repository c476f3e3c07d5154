// What an instance was given when it started, so that it can be taken out of what it writes. A
// keeper that finds instances of an earlier one has handed nothing out yet.

import { textsIn } from "../../../core/configuration/values.ts";
import type { Runtime } from "../../../core/runtime.ts";
import { SECRET_PREFIX } from "../../../core/secrets/reference.ts";
import type { Secrets } from "../../../ports/secrets.ts";

/** Each by itself: one that is missing must not hide the others. Never rejects. */
export const recallSecrets = async (
  { env, configuration }: Runtime,
  secrets: Pick<Secrets, "resolve">,
): Promise<void> => {
  const files = (configuration?.files ?? []).map(({ values }) => textsIn(values));
  const texts = [env, ...files].flatMap((one) => Object.values(one));
  const named = [...new Set(texts)].filter((text) => text.includes(SECRET_PREFIX));
  await Promise.all(named.map((text) => secrets.resolve({ text }).catch(() => null)));
};

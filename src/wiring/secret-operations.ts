// Secrets of the local store, changed with a record in the audit chain: of the name, never the
// value.

import type { SecretOperations } from "../api/secret-operations.ts";
import { didYouMean } from "../core/closest.ts";
import { Refusal } from "../core/refusal.ts";
import type { SecretStore } from "../ports/secrets.ts";
import type { AuditStore } from "../ports/store.ts";
import type { World } from "../ports/world.ts";

export interface SecretParts {
  readonly store: SecretStore;
  readonly audit: Pick<AuditStore, "append">;
  readonly world: Pick<World, "now">;
}

/** The record comes first: what was changed without one would be known to nobody. */
export const secretOperations = ({ store, audit, world }: SecretParts): SecretOperations => ({
  setSecret: async ({ name, value, by }) => {
    const at = world.now();
    store.check(value, name);
    await audit.append({ at, by, action: "secret.set", subject: name, why: null, data: {} });
    try {
      await store.set({ name, value, by, at });
    } catch (error) {
      const why = error instanceof Refusal ? error.message : "it could not be written";
      await audit.append({ at, by, action: "secret.not-set", subject: name, why, data: {} });
      throw error;
    }
    return { name, by, at };
  },
  removeSecret: async ({ name, by }) => {
    const known = (await store.list()).map((one) => one.name);
    if (!known.includes(name)) {
      const hint =
        known.length === 0 ? "there are none: sluice secret set NAME" : didYouMean(name, known);
      const message = `there is no secret ${name} in the local store`;
      throw new Refusal({ code: "unknown-secret", message, hint });
    }
    const at = world.now();
    await audit.append({ at, by, action: "secret.removed", subject: name, why: null, data: {} });
    await store.remove(name);
  },
  listSecrets: () => store.list(),
});

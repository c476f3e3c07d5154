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

type Entry = Omit<Parameters<AuditStore["append"]>[0], "action" | "why">;

/** The record comes first: what was changed without one would be known to nobody. */
const recorded = async <T>(
  audit: Pick<AuditStore, "append">,
  entry: Entry,
  actions: { readonly done: string; readonly not: string },
  change: () => Promise<T>,
): Promise<T> => {
  await audit.append({ ...entry, action: actions.done, why: null });
  try {
    return await change();
  } catch (error) {
    const why = error instanceof Refusal ? error.message : "it could not be written";
    await audit.append({ ...entry, action: actions.not, why });
    throw error;
  }
};

export const secretOperations = ({ store, audit, world }: SecretParts): SecretOperations => ({
  setSecret: async ({ name, value, by }) => {
    const at = world.now();
    store.check(value, name);
    const entry = { at, by, subject: name, data: {} };
    const actions = { done: "secret.set", not: "secret.not-set" };
    await recorded(audit, entry, actions, () => store.set({ name, value, by, at }));
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
  rotateSecretsKey: async ({ by }) => {
    const entry = { at: world.now(), by, subject: "key", data: {} };
    const actions = { done: "secret.key-rotated", not: "secret.key-not-rotated" };
    return { secrets: await recorded(audit, entry, actions, () => store.rotateKey()) };
  },
  listSecrets: () => store.list(),
});

// Secrets from variables of the control plane's environment: `secret:env/DB_PASSWORD` is the
// variable SLUICE_SECRET_DB_PASSWORD, and no other variable can be had.

import { variableOf } from "../../core/secrets/reference.ts";
import type { SecretSource } from "../../ports/secrets.ts";

/** `variables` null: nobody has said yet which there are. */
export const envSecrets = (
  variables: () => Readonly<Record<string, string>> | null,
): SecretSource => ({
  read: async (name) => {
    const known = variables();
    if (known === null) {
      const why =
        "no control plane has been there since the keeper began, and it has the variables";
      return { kind: "unreadable", why };
    }
    const variable = variableOf(name);
    const value = Object.hasOwn(known, variable) ? known[variable] : undefined;
    if (value !== undefined) return { kind: "found", value };
    return {
      kind: "missing",
      hint: `set ${variable} for the control plane and restart it`,
    };
  },
});

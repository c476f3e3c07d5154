// What the API asks about secrets of the local store. Values go in and never come out.

import type { Actor } from "../core/ids.ts";
import type { StoredSecret } from "../ports/secrets.ts";

export interface SecretOperations {
  /** Recorded by its name. Throws a Refusal, `bad-secret` where the value is of no use. */
  setSecret(request: {
    readonly name: string;
    readonly value: string;
    readonly by: Actor;
  }): Promise<StoredSecret>;
  /** Throws a Refusal `unknown-secret` where there is none of this name. */
  removeSecret(request: { readonly name: string; readonly by: Actor }): Promise<void>;
  /** Recorded. Throws a Refusal `secret-unreadable` where one cannot be read now. */
  rotateSecretsKey(request: { readonly by: Actor }): Promise<{ readonly secrets: number }>;
  /** In order of name. */
  listSecrets(): Promise<readonly StoredSecret[]>;
}

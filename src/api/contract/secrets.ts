// Secrets of the local store: set, removed, listed by name. No answer ever holds a value.

import type { Instant } from "../../core/ids.ts";

export interface SetSecretBody extends NamedSecretBody {
  readonly value: string;
}

export interface NamedSecretBody {
  /** As in `secret:local/NAME`. */
  readonly name: string;
}

export interface SecretView {
  readonly name: string;
  /** How definitions name it. */
  readonly reference: string;
  readonly by: string;
  readonly at: Instant;
}

export interface SecretList {
  /** In order of name. */
  readonly secrets: readonly SecretView[];
}

export interface RemovedSecretView {
  readonly name: string;
}

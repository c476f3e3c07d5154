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

/** One that something will ask for, and that cannot be had as of now. */
export interface MissingSecret {
  /** `secret:local/db`. */
  readonly reference: string;
  /** What asks for it. */
  readonly by: readonly string[];
  readonly state: "missing" | "unreadable";
  /** What to do about it, or what is wrong. */
  readonly why: string;
}

/** How many secrets are encrypted with the new key. */
export interface RotatedKeyView {
  readonly secrets: number;
}

export interface RemovedSecretView {
  readonly name: string;
}

// Where secrets come from. A definition names one; its value is asked for at the moment of use, and
// goes nowhere but to whatever needs it.

import type { Actor, Instant } from "../core/ids.ts";
import type { SecretReference } from "../core/secrets/reference.ts";

/** One place where secrets are kept. */
export interface SecretSource {
  /** Never throws: what cannot be read is not the same as what is not there. */
  read(name: string): Promise<SecretRead>;
}

export type SecretRead =
  | { readonly kind: "found"; readonly value: string }
  /** `hint`: how to put it there. */
  | { readonly kind: "missing"; readonly hint: string }
  | { readonly kind: "unreadable"; readonly why: string };

/** A place where people put them. */
export interface SecretStore extends SecretSource {
  /** Throws a Refusal `bad-secret`, without the value, where it cannot be one. */
  check(value: string, name: string): void;
  /** Replaces it whole. Throws a Refusal. */
  set(secret: {
    readonly name: string;
    readonly value: string;
    readonly by: Actor;
    readonly at: Instant;
  }): Promise<void>;
  /** False: there was none. Throws a Refusal. */
  remove(name: string): Promise<boolean>;
  /** Encrypts all of them with another key; returns how many. Throws a Refusal
   * `secret-unreadable`, with nothing changed, where one cannot be read now. */
  rotateKey(): Promise<number>;
  /** In order of name. Throws a Refusal. */
  list(): Promise<readonly StoredSecret[]>;
}

/** All that is ever told of one. */
export interface StoredSecret {
  readonly name: string;
  readonly by: Actor;
  readonly at: Instant;
}

/** References to values, all sources together. */
export interface Secrets {
  check(reference: SecretReference): Promise<SecretRead>;
  /** Texts in the form of core/secrets/template.ts with values in place of references: all of them
   * or, with a sentence for people that holds no value, none. */
  resolve<K extends string>(texts: Readonly<Record<K, string>>): Promise<Resolved<K>>;
  /** Without any value that was handed out so far. */
  redact(text: string): string;
}

export type Resolved<K extends string> =
  | { readonly kind: "resolved"; readonly texts: Readonly<Record<K, string>> }
  | { readonly kind: "unresolved"; readonly why: string };

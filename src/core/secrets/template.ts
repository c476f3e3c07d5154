// Text with references in it. `${secret:local/db}` stands for a secret, `$${` for `${` itself; a
// text that is nothing but `secret:local/db` means the same. What is written becomes one form here,
// and only that form is stored, planned and ordered; values are put in at the moment of use.

import { quoted } from "../units.ts";
import type { ReadReference, SecretReference } from "./reference.ts";
import { SECRET_PREFIX, readReference, referenceText } from "./reference.ts";

export type WrittenText =
  | { readonly kind: "ok"; readonly value: string }
  | { readonly kind: "error"; readonly message: string; readonly hint: string };

/** In the one form, or what is wrong with a reference in it. */
export const readText = (text: string): WrittenText => {
  if (!text.startsWith(SECRET_PREFIX)) {
    const wrong = referencesIn(text).find((one) => one.kind === "error");
    return wrong ?? { kind: "ok", value: text };
  }
  const read = readReference(text);
  return read.kind === "error" ? read : { kind: "ok", value: marked(read.value) };
};

const marked = (reference: SecretReference): string => `\${${referenceText(reference)}}`;

const MARKS = /\$\$\{|\$\{(?<reference>secret:[^}]*)(?<end>\}?)/gu;

const referencesIn = (text: string): readonly ReadReference[] =>
  Array.from(text.matchAll(MARKS)).flatMap(({ groups = {} }): readonly ReadReference[] => {
    const { reference, end } = groups;
    if (reference === undefined) return [];
    if (end === "}") return [readReference(reference)];
    const message = `expected } behind ${quoted(reference)}`;
    return [{ kind: "error", message, hint: "write it like ${secret:local/db-password}" }];
  });

/** Of a text in the one form, in order, each as often as it stands there. */
export const secretsIn = (text: string): readonly SecretReference[] =>
  referencesIn(text).flatMap((read) => (read.kind === "ok" ? [read.value] : []));

/** `valueOf` is asked with `secret:local/db`, for each that secretsIn() gave. */
export const filled = (text: string, valueOf: (reference: string) => string): string =>
  text.replaceAll(MARKS, (mark: string, reference: string | undefined, end: string) => {
    if (reference === undefined) return "${";
    return end === "}" && readReference(reference).kind === "ok" ? valueOf(reference) : mark;
  });

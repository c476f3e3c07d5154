// All sources of secrets as one: references in texts are resolved, and what was handed out is
// known, so that it can be taken out of what people read.

import { formsOf, redacted } from "../../core/secrets/redact.ts";
import { referenceText } from "../../core/secrets/reference.ts";
import type { SecretDriver, SecretReference } from "../../core/secrets/reference.ts";
import { filled, secretsIn } from "../../core/secrets/template.ts";
import type { Resolved, SecretRead, SecretSource, Secrets } from "../../ports/secrets.ts";
import { notASecret } from "./limits.ts";

export type SecretSources = Readonly<Record<SecretDriver, SecretSource>>;

/** Values of before a change may still be in a log, so they are remembered, but not for ever. */
const MAX_REMEMBERED = 2_000;

export const allSecrets = (sources: SecretSources): Secrets => {
  const handedOut = new Set<string>();
  let forms: readonly string[] = [];
  const remember = (value: string): void => {
    if (handedOut.has(value)) return;
    const [oldest] = handedOut;
    if (handedOut.size >= MAX_REMEMBERED && oldest !== undefined) handedOut.delete(oldest);
    handedOut.add(value);
    forms = [...handedOut].flatMap(formsOf).toSorted((a, b) => b.length - a.length);
  };
  const check = async (reference: SecretReference): Promise<SecretRead> => {
    const read = await sources[reference.driver].read(reference.name);
    const value = read.kind === "found" ? part(read.value, reference.key) : read;
    if (value.kind !== "found") return value;
    const wrong = notASecret(value.value);
    return wrong === null ? value : { kind: "unreadable", why: `it ${wrong}` };
  };
  return {
    check,
    redact: (text) => redacted(text, forms),
    resolve: async <K extends string>(texts: Readonly<Record<K, string>>): Promise<Resolved<K>> => {
      const references = new Map(
        Object.values<string>(texts)
          .flatMap(secretsIn)
          .map((one) => [referenceText(one), one]),
      );
      const values = new Map<string, string>();
      for (const [text, reference] of references) {
        const read = await check(reference);
        if (read.kind !== "found") return { kind: "unresolved", why: unresolved(text, read) };
        values.set(text, read.value);
        remember(read.value);
      }
      const valueOf = (reference: string): string => values.get(reference) ?? "";
      const entries = Object.entries<string>(texts).map(([key, text]) => [
        key,
        filled(text, valueOf),
      ]);
      return { kind: "resolved", texts: Object.fromEntries(entries) as Record<K, string> };
    },
  };
};

const unresolved = (text: string, read: Exclude<SecretRead, { kind: "found" }>): string =>
  read.kind === "missing"
    ? `${text} is not there: ${read.hint}`
    : `${text} cannot be used: ${read.why}`;

/** One key of a JSON object; null: all of it. */
const part = (value: string, key: string | null): SecretRead => {
  if (key === null) return { kind: "found", value };
  const why = `it is no JSON object with text under ${key}`;
  try {
    const object = JSON.parse(value) as unknown;
    const found =
      typeof object === "object" && object !== null && Object.hasOwn(object, key)
        ? (object as Readonly<Record<string, unknown>>)[key]
        : undefined;
    return typeof found === "string"
      ? { kind: "found", value: found }
      : { kind: "unreadable", why };
  } catch {
    return { kind: "unreadable", why };
  }
};

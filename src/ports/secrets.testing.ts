// Secrets out of an object, for tests of what needs some: `secret:local/NAME` is the value under
// NAME, everything else is missing.

import { redacted } from "../core/secrets/redact.ts";
import { filled, secretsIn } from "../core/secrets/template.ts";
import type { Resolved, Secrets } from "./secrets.ts";

export const someSecrets = (values: Readonly<Record<string, string>> = {}): Secrets => ({
  check: async ({ name }) => {
    const value = values[name];
    return value === undefined ? { kind: "missing", hint: "add it" } : { kind: "found", value };
  },
  redact: (text) => redacted(text, Object.values(values)),
  resolve: async <K extends string>(texts: Readonly<Record<K, string>>): Promise<Resolved<K>> => {
    const missing = Object.values<string>(texts)
      .flatMap(secretsIn)
      .find(({ name }) => values[name] === undefined);
    if (missing !== undefined) {
      return { kind: "unresolved", why: `secret:local/${missing.name} is not there: add it` };
    }
    const valueOf = (reference: string): string =>
      values[reference.slice("secret:local/".length)] ?? "";
    const entries = Object.entries<string>(texts).map(([key, text]) => [
      key,
      filled(text, valueOf),
    ]);
    return { kind: "resolved", texts: Object.fromEntries(entries) as Record<K, string> };
  },
});

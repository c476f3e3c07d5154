// Values in which a definition may name secrets. They are checked here and brought into the one
// form that is stored; nothing is looked up.

import { SECRET_PREFIX } from "../core/secrets/reference.ts";
import { readText } from "../core/secrets/template.ts";
import { quoted } from "../core/units.ts";
import { readUrl } from "./addresses.ts";
import { leaf, refused, type Read } from "./leaf.ts";

export const readSecretText = (raw: string): Read<string> => {
  const read = readText(raw);
  if (read.kind === "ok") return read;
  return refused({ code: "bad-secret", message: read.message, hint: read.hint });
};

/** A URL, or the secret that is one. */
export const secretUrl = () =>
  leaf<string>({ title: "URL", type: "string", pattern: "^(https?://|secret:)" }, (raw) =>
    typeof raw === "string" && raw.startsWith(SECRET_PREFIX) ? readSecretText(raw) : readUrl(raw),
  );

const MAX_HEADER = 8_192;
/** RFC 9110: a token, and visible characters with single spaces and tabs between. */
const HEADER = /^[\t\x20-\x7e]*$/u;

/** What a header of a request holds. */
export const headerText = () =>
  leaf<string>({ title: "text", type: "string", maxLength: MAX_HEADER }, (raw) => {
    if (typeof raw !== "string") {
      return refused({ code: "wrong-type", message: "expected text", found: true, quote: true });
    }
    if (raw.length <= MAX_HEADER && HEADER.test(raw)) return readSecretText(raw);
    const most = `at most ${MAX_HEADER} plain characters`;
    const message = `expected a line of ${most}, found ${quoted(raw)}`;
    return refused({ code: "bad-header", message });
  });

/** A secret by reference: its value has no place in a definition. */
export const secretReference = () =>
  leaf<string>({ title: "secret", type: "string", pattern: "^secret:" }, (raw) => {
    if (typeof raw === "string" && raw.startsWith(SECRET_PREFIX)) return readSecretText(raw);
    // The text is not quoted: it may be the secret.
    const message = "expected a secret by its reference";
    return refused({ code: "bad-secret", message, hint: "write it like secret:local/backup-key" });
  });

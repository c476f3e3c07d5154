// What people may see of a text that was written where a secret could be: references stay, and
// what looks like a secret by its place or its form is taken out. Secrets belong into references;
// this is for those that stand in definitions all the same.

import { REDACTED } from "./redact.ts";
import { readReference } from "./reference.ts";

/** To a secret, or to a variable: a name, and not what it stands for. */
const REFERENCE = /\$\{(?:secret:[^}]*|[A-Za-z_]\w*)\}/gu;
/** Stands for one reference. No text of a definition has it. */
const MARK = "\0";
const URLS = /\b(?<scheme>[a-z][a-z0-9+.-]*:\/\/)(?<rest>[^\s"'`<>]*)/giu;
const PARTS = /^(?<authority>[^/?#]*)(?<path>[^?#]*)(?<query>\?[^#]*)?(?<fragment>#.*)?$/su;
/** Parts of a path that nobody would have chosen as a name. */
const RANDOM = /^(?=.*\d)(?=.*[A-Za-z])[\w~.+=-]{20,}$/u;
/** Forms that say themselves what they are: tokens of well-known services, JWTs, private keys. */
const TOKENS = new RegExp(
  [
    String.raw`\b(?:gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|AKIA|ASIA)[\w-]{10,}`,
    String.raw`\b[prs]k_(?:live|test)_[\w-]{10,}`,
    String.raw`\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*`,
  ].join("|"),
  "gu",
);
/** `NAME=value`, `--name="a value"`. */
const ASSIGNED = /(?<![\w.-])(?<name>[A-Za-z_-][\w.-]*)(?<sign>=)(?<value>"[^"]+"|[^\s"]+)/gu;
/** `"name": "value"`. */
const FIELDS = /(?<=")(?<name>[^"]*)(?<sign>"\s*:\s*")(?<value>[^"]+)/gu;
const SECRET_NAME = /passw|passphrase|pwd|secret|token|credential|apikey|authorization|cookie/u;
/** `API_KEY` is one, `KEYBOARD` is none. */
const SECRET_WORD = /(?:^|[^a-z])(?:keys?|pass)(?:$|[^a-z])/u;
const HOOK_NAME = /webhook|(?:^|[^a-z])hook/u;
/** Says how long, or whether: no secret whatever the name. */
const HARMLESS = /^(?:true|false|\d+(?:\.\d+)?(?:ms|s|m|h|d))$/u;

/** Of a value by its name: an environment variable, a header, a key of a configuration. */
export const shownValue = (name: string, text: string): string =>
  readReference(text).kind === "ok"
    ? text
    : keepingReferences(text, (masked) => valueText(name, masked));

/** The last part of the path is what a webhook's receiver knows its sender by. */
export const shownHook = (text: string): string =>
  keepingReferences(text, (masked) => plainText(masked, true));

/** Any other text: an address, an argument, the body of a request. */
export const shownText = (text: string): string =>
  keepingReferences(text, (masked) => plainText(masked, false));

/** Program and arguments. Behind `--token` stands its value. */
export const shownCommand = (words: readonly string[]): readonly string[] =>
  words.map((word, index) => {
    const before = words[index - 1] ?? "";
    const named = /^--?[A-Za-z][\w-]*$/u.test(before) && !word.startsWith("-");
    return named ? shownValue(before, word) : shownText(word);
  });

const keepingReferences = (text: string, show: (masked: string) => string): string => {
  const references = text.match(REFERENCE) ?? [];
  let next = 0;
  return show(text.replaceAll(REFERENCE, MARK)).replaceAll(MARK, () => references[next++] ?? "");
};

/** All but the references. */
const hidden = (masked: string): string =>
  masked
    .split(MARK)
    .map((part) => (part === "" ? "" : REDACTED))
    .join(MARK);

const valueText = (name: string, masked: string): string => {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/gu, "_").toLowerCase();
  const isSecret = SECRET_NAME.test(words.replaceAll(/[_.-]/gu, "")) || SECRET_WORD.test(words);
  if (isSecret && !HARMLESS.test(masked)) return hidden(masked);
  return plainText(masked, HOOK_NAME.test(words));
};

const plainText = (masked: string, isHook: boolean): string =>
  masked
    .replaceAll(URLS, (...match: readonly unknown[]) => {
      const { scheme = "", rest = "" } = match.at(-1) as Readonly<Record<string, string>>;
      return scheme + addressText(rest, isHook);
    })
    .replaceAll(ASSIGNED, pairText)
    .replaceAll(FIELDS, pairText)
    .replaceAll(TOKENS, hidden);

/** What an address has is decided already. */
const pairText = (...match: readonly unknown[]): string => {
  const { name = "", sign = "", value = "" } = match.at(-1) as Readonly<Record<string, string>>;
  const decided = value.includes("://");
  return name + sign + (decided ? value : valueText(name, value));
};

/** `user:` and what is no port, before an @ further on: a password that nobody has encoded. */
const UNENCODED = /^[^/?#:@[]*:(?!\d*(?:[/?#]|$))[^]*@/u;

/** Behind `https://`. */
const addressText = (rest: string, isHook: boolean): string => {
  const user = UNENCODED.exec(rest)?.[0] ?? "";
  if (user === "") return plainAddress(rest, isHook);
  return `${userText(user.slice(0, -1))}@${plainAddress(rest.slice(user.length), isHook)}`;
};

/** A name tells nobody anything where the password is a reference and stands elsewhere. */
const userText = (user: string): string =>
  /^[^:]+:[^:]+$/u.test(user) && user.endsWith(`:${MARK}`) ? user : hidden(user);

const plainAddress = (rest: string, isHook: boolean): string => {
  const { authority = "", path = "", query = "", fragment = "" } = PARTS.exec(rest)?.groups ?? {};
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? "" : `${userText(authority.slice(0, at))}@`;
  const parts = path.split("/");
  const last = parts.findLastIndex((part) => part !== "");
  const shown = parts.map((part, index) =>
    (isHook && index === last) || RANDOM.test(part) ? hidden(part) : part,
  );
  const behind = [query, fragment].map((part) => part.slice(0, 1) + hidden(part.slice(1)));
  return user + authority.slice(at + 1) + shown.join("/") + behind.join("");
};

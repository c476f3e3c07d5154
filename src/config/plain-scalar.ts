// Single values of YAML, read quickly: plain words, plain numbers and short quotes. Whatever looks
// like more than that is left to the whole reader, which explains it.

/** What only the whole reader may judge. */
export class NotPlain extends Error {}

/** Of the whole reader too: other forms of numbers are mistakes there. */
export const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/u;
/** Everything that YAML's core schema takes for a number. */
const NUMBERISH =
  /^[-+]?(?:0o[0-7]+|0x[\da-f]+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|\.(?:inf|nan))$/iu;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);
/** Quotes that end on their line and hold no escapes but these. */
const DOUBLE = /"(?:[^"\\\n]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*"/uy;
const SINGLE = /'(?:[^'\n]|'')*'/uy;
/** Signs that mean more than themselves where a value begins. */
const INDICATORS = "&*!|>%@`\"'#,[]{}";

/** A plain value without the spaces and comments around it. */
export const plainScalar = (text: string): unknown => {
  const [first = ""] = text;
  if (INDICATORS.includes(first) || text.includes(": ") || text.endsWith(":")) throw new NotPlain();
  if ("-?:".includes(first) && (text.length === 1 || text[1] === " ")) throw new NotPlain();
  if (text === "~") return null;
  if (/^[\d.+-]/u.test(text)) return number(text);
  if (text.length > 5) return text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (WORDS.has(text.toLowerCase())) throw new NotPlain();
  return text;
};

const number = (text: string): unknown => {
  if (!PLAIN_NUMBER.test(text)) {
    if (NUMBERISH.test(text)) throw new NotPlain();
    return text;
  }
  const value = Number(text);
  if (Object.is(value, -0)) throw new NotPlain();
  return value;
};

export interface QuotedScalar {
  readonly value: string;
  /** Behind the closing quote. */
  readonly end: number;
}

export const quotedScalar = (text: string, at: number): QuotedScalar => {
  const form = text[at] === '"' ? DOUBLE : SINGLE;
  form.lastIndex = at;
  const [found] = form.exec(text) ?? [];
  if (found === undefined) throw new NotPlain();
  const end = at + found.length;
  if (form === DOUBLE) return { value: JSON.parse(found) as string, end };
  return { value: found.slice(1, -1).replaceAll("''", "'"), end };
};

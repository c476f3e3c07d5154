// Where JSON goes wrong: the runtime's parser does not always say. Used only once it has refused.

/** What may come next. `first…` also takes the closing bracket. */
type Expects = "value" | "firstValue" | "key" | "firstKey" | "colon" | "commaOrEnd";

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/** Index of the first token that cannot be where it is; the text's length where there is none. */
export const jsonFaultAt = (text: string): number => {
  const open: ("{" | "[")[] = [];
  let expects: Expects = "value";
  for (let index = endOf(SPACE, text, 0); index < text.length; ) {
    const char = text[index] ?? "";
    const end = tokenEnd(text, index, char);
    const next: Expects | null = end > index ? after(expects, char, open) : null;
    if (next === null) return index;
    expects = next;
    index = endOf(SPACE, text, end);
  }
  return text.length;
};

/** The index itself where no token begins. */
const tokenEnd = (text: string, index: number, char: string): number => {
  if ("{}[]:,".includes(char)) return index + 1;
  if (char === '"') return endOfString(text, index) + 1;
  return Math.max(endOf(NUMBER, text, index), endOf(WORD, text, index));
};

const endOf = (pattern: RegExp, text: string, index: number): number => {
  pattern.lastIndex = index;
  return index + (pattern.exec(text)?.[0].length ?? 0);
};

/** Null: the token has no place here. Keeps `open` as it goes. */
const after = (expects: Expects, char: string, open: ("{" | "[")[]): Expects | null => {
  const inside = open.at(-1);
  switch (char) {
    case "}":
    case "]": {
      const fits = inside === (char === "}" ? "{" : "[");
      const empty = expects === (char === "}" ? "firstKey" : "firstValue");
      if (!fits || (!empty && expects !== "commaOrEnd")) return null;
      open.pop();
      return "commaOrEnd";
    }
    case ",":
      if (expects !== "commaOrEnd" || inside === undefined) return null;
      return inside === "{" ? "key" : "value";
    case ":":
      return expects === "colon" ? "value" : null;
    default:
  }
  if (expects === "key" || expects === "firstKey") return char === '"' ? "colon" : null;
  if (expects !== "value" && expects !== "firstValue") return null;
  if (char !== "{" && char !== "[") return "commaOrEnd";
  open.push(char);
  return char === "{" ? "firstKey" : "firstValue";
};

const BACKSLASH = 92;

/** Index of its closing quote; behind the text where there is none. */
export const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
};

/** An odd number of backslashes before it. */
const isEscaped = (text: string, index: number): boolean => {
  let before = index - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (index - before) % 2 === 0;
};

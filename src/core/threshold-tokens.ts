// The threshold language cut into words, numbers and signs, each with its column.

export interface Token {
  readonly kind: "word" | "number" | "sign" | "end";
  readonly text: string;
  /** Column, 1 is the first. */
  readonly at: number;
  /** For messages. */
  readonly shown: string;
}

/** What was wrong, at which column, and what to write instead. */
export interface Failure {
  readonly kind: "error";
  readonly at: number;
  readonly message: string;
  readonly hint: string;
}

export const fail = (at: number, message: string, hint: string): Failure => ({
  kind: "error",
  at,
  message,
  hint,
});

/** A place in the tokens; at the end it stays there. */
export interface Cursor {
  peek(): Token;
  next(): Token;
}

export const cursorOver = (text: string): Cursor => {
  const tokens = tokensOf(text);
  const end: Token = { kind: "end", text: "", at: text.trimEnd().length + 1, shown: "nothing" };
  let index = 0;
  return {
    peek: () => tokens[index] ?? end,
    next: () => {
      const token = tokens[index] ?? end;
      index += 1;
      return token;
    },
  };
};

const TOKEN = /(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<number>\d+(?:\.\d+)?)|(?<sign>[<>=]{1,2}|\S)/gu;

const tokensOf = (text: string): readonly Token[] =>
  Array.from(text.matchAll(TOKEN), (match) => ({
    kind:
      match.groups?.["word"] !== undefined
        ? "word"
        : match.groups?.["number"] !== undefined
          ? "number"
          : "sign",
    text: match[0],
    at: match.index + 1,
    shown: JSON.stringify(match[0]),
  }));

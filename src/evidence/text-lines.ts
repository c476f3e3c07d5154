// A text line by line, without a list of all of them.

export interface Line {
  /** Without white space at its ends. */
  readonly text: string;
  /** 1 is the first. */
  readonly number: number;
}

/** Empty ones too. */
export const eachLine = (text: string, take: (line: Line) => void): void => {
  let from = 0;
  for (let number = 1; from < text.length; number += 1) {
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end;
    take({ text: text.slice(from, to).trim(), number });
    from = to + 1;
  }
};

/** Of the character at an index. */
export const lineAt = (text: string, index: number): number => {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
};

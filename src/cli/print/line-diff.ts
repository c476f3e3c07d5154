// The lines that went and the lines that came, by longest common subsequence.

export interface DiffLine {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
}

/** Longer texts are compared as a whole: a plan never has so many lines. */
const MOST_LINES = 2_000;

export const lineDiff = (
  before: readonly string[],
  after: readonly string[],
): readonly DiffLine[] => {
  if (before.length > MOST_LINES || after.length > MOST_LINES) {
    return [...before.map((text) => line("gone", text)), ...after.map((text) => line("new", text))];
  }
  const common = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let b = 0;
  let a = 0;
  while (b < before.length || a < after.length) {
    const gone = before[b];
    const came = after[a];
    if (gone !== undefined && gone === came) {
      lines.push(line("same", gone));
      b += 1;
      a += 1;
    } else if (
      gone !== undefined &&
      (came === undefined || at(common, b + 1, a) >= at(common, b, a + 1))
    ) {
      lines.push(line("gone", gone));
      b += 1;
    } else if (came !== undefined) {
      lines.push(line("new", came));
      a += 1;
    }
  }
  return lines;
};

const line = (kind: DiffLine["kind"], text: string): DiffLine => ({ kind, text });

/** `[b][a]`: how many lines the rests from b and a on have in common. */
const commonLengths = (
  before: readonly string[],
  after: readonly string[],
): readonly number[][] => {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  );
  for (let b = before.length - 1; b >= 0; b -= 1) {
    for (let a = after.length - 1; a >= 0; a -= 1) {
      const row = lengths[b];
      if (row === undefined) continue;
      const same = before[b] === after[a];
      row[a] = same
        ? at(lengths, b + 1, a + 1) + 1
        : Math.max(at(lengths, b + 1, a), at(lengths, b, a + 1));
    }
  }
  return lengths;
};

const at = (rows: readonly (readonly number[])[], b: number, a: number): number =>
  rows[b]?.[a] ?? 0;

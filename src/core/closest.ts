// "Did you mean": the known word nearest to a mistyped one. What counts as near is decided here,
// for definitions, thresholds and commands alike.

/** Longer words are compared with nothing: they are rubbish, not typing mistakes. */
const MAX_WORD_LENGTH = 64;
/** How many known words a hint lists where none is near. */
const MAX_LISTED = 12;

/** Null where nothing is near enough: a third of the word's letters may be wrong, at most three. Of
 * several that are equally near, the one that begins most like it: 1.0 means 1.0.0, not 1.5.0. */
export const closest = (word: string, words: Iterable<string>): string | null => {
  if (word.length === 0 || word.length > MAX_WORD_LENGTH) return null;
  const allowed = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const typed = word.toLowerCase();
  let best: { readonly word: string; readonly distance: number; readonly same: number } | null =
    null;
  for (const candidate of words) {
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const known = candidate.toLowerCase();
    const distance = editDistance(typed, known);
    if (distance > allowed || (best !== null && distance > best.distance)) continue;
    const same = sameBeginning(typed, known);
    if (best === null || distance < best.distance || same > best.same) {
      best = { word: candidate, distance, same };
    }
  }
  return best?.word ?? null;
};

/** How many first letters they share. */
const sameBeginning = (a: string, b: string): number => {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
};

/** `did you mean canary?`, or `known here: canary, rolling` where nothing is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const near = closest(word, known);
  if (near !== null) return `did you mean ${near}?`;
  if (known.length === 0) return "nothing is known here";
  const rest = known.length - MAX_LISTED;
  const listed = known.slice(0, MAX_LISTED).join(", ");
  return `known here: ${listed}${rest > 0 ? ` and ${rest} more` : ""}`;
};

/** Insertions, deletions, changes and swaps of neighbours that turn `a` into `b` (optimal string
 * alignment: no piece is edited twice). */
const editDistance = (a: string, b: string): number => {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const present = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let cost = Math.min(
        at(last, column) + 1,
        at(present, column - 1) + 1,
        at(last, column - 1) + change,
      );
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      present.push(cost);
    }
    beforeLast = last;
    last = present;
  }
  return at(last, b.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? 0;

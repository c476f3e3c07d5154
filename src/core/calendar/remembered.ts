// What was worked out from a text, kept for whoever asks about the same text again: a rule or an
// expression means the same wherever it stands. It changes no answer, only its time.

/** `work` is pure. Of more than `most` texts all are forgotten, and it begins anew. */
export const remembered = <T extends object | null>(
  most: number,
  work: (text: string) => T,
): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const found = work(text);
    if (known.size >= most) known.clear();
    known.set(text, found);
    return found;
  };
};
